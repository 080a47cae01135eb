extension ExplorerPage {
  static let style = """
    :root{color-scheme:light dark;--ink:#1c2128;--quiet:#57606a;--line:#d0d7de;--ground:#fff;
    --raised:#f6f8fa;--accent:#0b62c4;--wrong:#b3261e}
    @media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--quiet:#9198a1;--line:#3d444d;
    --ground:#0d1117;--raised:#161b22;--accent:#6cb2ff;--wrong:#ff8a80}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.45 system-ui,sans-serif}
    header,main{max-width:1200px;margin:0 auto;padding:0 16px}
    header{display:flex;align-items:baseline;gap:16px;flex-wrap:wrap}
    h1{font-size:20px;margin:12px 0 8px}h2{font-size:14px;margin:0 0 6px;color:var(--quiet)}
    #status{margin:0;color:var(--quiet)}
    .row{display:flex;gap:12px;flex-wrap:wrap;align-items:end;margin-bottom:10px}
    .grow{flex:1 1 100%}
    label{color:var(--quiet);font-size:13px;min-width:0}
    textarea,input,select,button{font:inherit;color:var(--ink);background:var(--raised);
    border:1px solid var(--line);border-radius:6px;padding:6px 8px;max-width:100%}
    textarea,#reference{display:block;width:100%;font:14px/1.5 ui-monospace,monospace}
    textarea{resize:vertical}
    select,.controls input{display:block}.controls input{width:9em}
    textarea[aria-invalid=true]{border-color:var(--wrong)}
    button{cursor:pointer}button[aria-pressed=true]{border-color:var(--accent);color:var(--accent)}
    :focus-visible{outline:2px solid var(--accent);outline-offset:1px}
    #error{margin:0 0 10px;color:var(--wrong);font-family:ui-monospace,monospace;font-size:13px;
    white-space:pre-wrap;overflow-wrap:anywhere}
    #sliders{display:grid;grid-template-columns:repeat(auto-fill,minmax(210px,1fr));gap:4px 16px;
    margin-bottom:8px}
    #sliders label{display:grid;grid-template-columns:1fr auto}
    #sliders input{grid-column:1/3;width:100%;padding:0;accent-color:var(--accent)}
    #sliders output{color:var(--ink);font-variant-numeric:tabular-nums}
    #picture>svg,#runs-picture>svg{max-width:100%;height:auto}
    #beside{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(340px,100%),1fr));
    gap:16px;margin:16px 0}
    #beside>div{min-width:0;background:var(--raised);border:1px solid var(--line);
    border-radius:8px;padding:12px}
    dl,ul{margin:0;padding:0;list-style:none}dt{font-family:ui-monospace,monospace;font-size:13px}
    dd{margin:0 0 6px;color:var(--quiet)}
    dt,dd,li{overflow-wrap:anywhere}
    pre{max-height:18em;overflow:auto;margin:8px 0 0;font-size:12px}
    #exports{display:flex;gap:6px;flex-wrap:wrap}
    .still #editor{display:none}.still #beside label{display:none}
    """
}
