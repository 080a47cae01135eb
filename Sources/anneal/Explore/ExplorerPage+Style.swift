extension ExplorerPage {
  static let style = """
    :root{color-scheme:light dark;--ink:#1c2128;--quiet:#57606a;--line:#8c959f;--faint:#d0d7de;
    --ground:#fff;--raised:#f6f8fa;--accent:#0b62c4;--wrong:#b3261e}
    @media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--quiet:#9198a1;--line:#6e7681;
    --faint:#3d444d;--ground:#0d1117;--raised:#161b22;--accent:#6cb2ff;--wrong:#ff8a80}}
    *{box-sizing:border-box}
    body{margin:0 0 24px;background:var(--ground);color:var(--ink);
    font:15px/1.45 system-ui,sans-serif}
    header,main{max-width:1200px;margin:0 auto;padding:0 16px}
    header{display:flex;align-items:baseline;gap:16px;flex-wrap:wrap}
    h1{font-size:20px;margin:12px 0 8px}h2{font-size:14px;margin:0 0 6px;color:var(--quiet)}
    p{margin:0}#status,#length,#copied{color:var(--quiet);font-size:13px}
    label{color:var(--quiet);font-size:13px;min-width:0}
    textarea,input:not([type=range],[type=checkbox]),select,button,summary{font:inherit;font-size:15px;color:var(--ink);
    background:var(--raised);border:1px solid var(--line);border-radius:6px;padding:6px 8px;
    min-height:38px;max-width:100%}
    textarea,#reference,pre,code,dt{font-family:ui-monospace,"DejaVu Sans Mono",monospace}
    textarea,#reference{display:block;width:100%;font-size:14px;line-height:1.5}
    textarea{resize:vertical;margin-bottom:10px}
    [aria-invalid=true]{border-color:var(--wrong);outline-color:var(--wrong)}
    button,select,summary{cursor:pointer}
    button[aria-pressed=true]{border-color:var(--accent);color:var(--accent);font-weight:600}
    :focus-visible{outline:2px solid var(--accent);outline-offset:1px}
    .row{display:flex;gap:10px 12px;flex-wrap:wrap;align-items:end;margin-bottom:10px}
    .row select,.row input{display:block}.row input{width:9em}
    #length{padding-bottom:9px}
    #error{margin:0 0 10px;color:var(--wrong)}#error p{overflow-wrap:anywhere}
    #error pre{color:var(--wrong);font-size:14px;line-height:1.25;margin:4px 0 0;overflow-x:auto}
    #sliders{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(210px,45%),1fr));
    gap:4px 16px;margin-bottom:8px}
    #sliders label{display:grid;grid-template-columns:1fr auto}
    #sliders input{grid-column:1/3;width:100%;padding:0;min-height:28px;
    accent-color:var(--accent)}
    #sliders output{color:var(--ink);font-variant-numeric:tabular-nums}
    #keys{font-size:13px;margin-top:10px}
    #keys summary{display:inline-flex;align-items:center;min-height:0;font-size:13px;
    padding:4px 10px}
    #keys dl{display:grid;grid-template-columns:auto 1fr;gap:2px 16px;margin-top:8px}
    #snapshot{margin-bottom:12px;color:var(--quiet)}
    code{color:var(--ink);font-size:13px;overflow-wrap:anywhere}
    code+code{white-space:nowrap}
    #picture>svg,#runs-picture>svg{max-width:100%;height:auto}
    #picture.stale{opacity:.55}
    #beside{display:flex;flex-wrap:wrap;gap:16px;margin:16px 0}
    #beside>div{flex:1 1 300px;min-width:0;background:var(--raised);border:1px solid var(--faint);
    border-radius:8px;padding:12px}#beside>div:last-child{flex-basis:100%}
    #beside input,#beside button{background:var(--ground)}
    dl,ul{margin:0;padding:0;list-style:none}dt{font-size:13px}
    dd{margin:0 0 6px;color:var(--quiet)}#keys dd{margin:0}
    dt,dd,li{overflow-wrap:anywhere}#differences{margin-top:6px}
    #beside pre{max-height:18em;overflow:auto;margin:8px 0 0;font-size:12px}
    #exports{display:flex;gap:6px;flex-wrap:wrap}
    [hidden]{display:none!important}
    @media (max-width:480px){header,main{padding:0 12px}
    #picture,#runs-picture{margin:0 -12px}.row label{flex:1 1 40%}
    .row label:first-child{flex-basis:100%}.row select,.row input{width:100%}
    #keys dl{grid-template-columns:1fr}#keys dd{margin:0 0 6px}}
    @media (pointer:coarse){button,select,summary,.row input,#reference,.tools button,.tools select,
    .legend button{min-height:44px!important}#sliders input{min-height:36px}
    .tools summary{display:inline-flex;align-items:center}.tools label{min-height:32px}
    .handle{r:11px;fill-opacity:.4}}
    """
}
