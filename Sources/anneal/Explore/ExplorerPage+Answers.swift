extension ExplorerPage {
  /// What an answer changes: words, sliders, texts to copy.
  ///
  /// Elements that have the focus stay.
  static let answering = #"""
    let latest = null, exported = "Swift", isSliding = false, sliders = [], count = 0;

    function show(answer, isOfText) {
      latest = answer;
      if (isLive) {
        $("error").hidden = true;
        say($("error-text"), "");
        for (const id of fields) $(id).removeAttribute("aria-invalid");
        $("picture").classList.remove("stale");
        if (isOfText && $("text").value !== answer.text) $("text").value = answer.text;
        showPreset();
        say($("length"), answer.length);
        const differences = answer.differences.map(one => `${one.schedule}: ${one.text}`);
        const error = answer.differenceError;
        $("reference").setAttribute("aria-invalid", String(!!error));
        fill($("differences"), error ? [error] : differences, (list, text) => make(list, "li", text));
        if (!isSliding) showSliders(answer.sliders);
      }
      whenReady(figure, () => figure.anneal.update({
        subtitle: null, handles: [], ...answer.figure, ...(isLive ? {} : {handles: []})}));
      fill($("words"), answer.words, (list, word) => {
        make(list, "dt", word.text);
        make(list, "dd", word.words);
      });
      fill($("findings"), answer.findings.length ? answer.findings : [null], (list, found) =>
        make(list, "li", found ? `${found.schedule}: ${found.text}` : "nothing found"));
      showExports();
      overlay(answer.overlay);
      document.body.dataset.answers = ++count;
    }

    // The menu names the preset that the text is, so that its keys go on from there.
    function showPreset() {
      const text = $("text").value, {options} = $("presets");
      $("presets").value = [...options].find(one => one.value === text)?.value ?? "";
    }

    // Sliders: each is a place in the text.
    const short = value => String(Number(value.toPrecision(3)));
    function showSliders(list) {
      const isSame = list.length === sliders.length
        && list.every((slider, index) => slider.label === sliders[index].label);
      sliders = list;
      if (!isSame) {
        const held = document.activeElement?.dataset?.slider;
        $("sliders").replaceChildren();
        list.forEach(addSlider);
        $("sliders").querySelector(`[data-slider="${held}"]`)?.focus({preventScroll: true});
      }
      list.forEach((slider, index) => {
        const input = $("sliders").querySelector(`[data-slider="${index}"]`);
        const place = value => slider.isLogarithmic ? Math.log10(value) : value;
        slider.written = $("text").value.slice(slider.start, slider.end);
        input.min = place(slider.minimum);
        input.max = place(slider.maximum);
        input.step = slider.step;
        input.value = place(slider.value);
        showValue(input, short(slider.value) + slider.unit);
      });
    }
    function showValue(input, text) {
      input.previousElementSibling.textContent = text;
      input.setAttribute("aria-valuetext", text);
    }
    function addSlider({label: name}, index) {
      const label = make($("sliders"), "label", name);
      make(label, "output");
      const input = make(label, "input", undefined, {
        type: "range", "data-slider": index, "aria-label": name});
      input.addEventListener("input", () => {
        isSliding = true;
        slide(sliders[index], input);
      });
      // New ranges come when the slider rests.
      input.addEventListener("change", () => { isSliding = false; ask(); });
    }
    function slide(slider, input) {
      const {start, end, written, isLogarithmic} = slider, text = $("text").value;
      // A text that was typed since then has its own numbers, which come with its answer.
      if (text.slice(start, end) === written) {
        const place = input.valueAsNumber, value = short(isLogarithmic ? 10 ** place : place);
        $("text").value = text.slice(0, start) + value + text.slice(end);
        const change = value.length - (end - start);
        for (const other of sliders) {
          if (other.start > start) { other.start += change; other.end += change; }
        }
        slider.end += change;
        slider.written = value;
        showValue(input, value + slider.unit);
      }
      ask();
    }

    function showExports() {
      const {exports: list} = latest, row = $("exports");
      if (row.children.length !== list.length) {
        fill(row, list, (row, {name}) => make(row, "button", name, {type: "button"})
          .addEventListener("click", () => {
            exported = name;
            showExports();
            copy(latest.exports.find(one => one.name === name));
          }));
      }
      for (const button of row.children) {
        button.setAttribute("aria-pressed", String(button.textContent === exported));
      }
      const chosen = list.find(one => one.name === exported);
      $("export").textContent = chosen?.text ?? "Alternatives are compared, not exported.";
      $("copied").textContent = "";
    }

    async function copy(one) {
      try {
        await navigator.clipboard.writeText(one.text);
        $("copied").textContent = `${one.name} copied`;
      } catch {
        getSelection().selectAllChildren($("export"));
        $("copied").textContent = `${one.name} selected: copy it from there`;
      }
    }

    """#
}
