extension ScriptText {
  /// Keys while a chart has the focus.
  static let keyboard = #"""
    const keysHelp = "Arrow keys move from point to point, with Shift by ten; up and down change the "
      + "curve; plus and minus zoom; brackets pan; 0 or Escape resets.";

    const handleKey = (view, event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const stride = event.shiftKey ? 10 : 1;
      const actions = {
        ArrowLeft: () => view.step(-stride), ArrowRight: () => view.step(stride),
        Home: () => view.step(-Infinity), End: () => view.step(Infinity),
        ArrowUp: () => view.changeCurve(-1), ArrowDown: () => view.changeCurve(1),
        "+": () => view.zooming.zoom(1 / 1.5), "=": () => view.zooming.zoom(1 / 1.5),
        "-": () => view.zooming.zoom(1.5), "_": () => view.zooming.zoom(1.5),
        "[": () => view.zooming.pan(-0.2), "]": () => view.zooming.pan(0.2),
        "0": () => view.reset(), Escape: () => view.reset(),
      };
      if (!actions[event.key]) return;
      event.preventDefault();
      actions[event.key]();
    };
    """#
}
