extension ExplorerPage {
  /// Runs that go on: their own figure, and what of them lies over the plan's.
  static let following = #"""
    // Points that came after the event up to which the plan's figure has them.
    let shown = null, later = [], refreshing = 0;
    const number = id => Number(id.split("-")[1]);

    // Takes what an answer says of the runs in its figure, and adds what came since.
    function overlay(next) {
      shown = next ?? null;
      if (!shown) { later = []; return; }
      later = later.filter(one => number(one.id) > number(shown.event));
      for (const one of later) grow(one);
    }

    function grow({append}) {
      if (!shown) return;
      const points = [], measures = [];
      for (const {panel, run, x, y} of append) {
        const place = shown.panels.find(one => one.from === panel);
        // A run that has just begun, or goes on beyond the plan, needs another figure.
        const {domain} = latest.figure.x;
        if (!shown.runs.includes(run) || domain && x[x.length - 1] > domain[1]) refresh();
        else if (place) {
          points.push({panel: place.to, run, x, y});
          const {title} = latest.figure.panels[place.to].y;
          const isMeasure = table => table.run === run
            && table.measures.some(one => one.axis.title === title);
          if (latest.figure.progress.some(isMeasure)) {
            measures.push({run, x, measures: [{title, values: y}]});
          }
        }
      }
      if (!points.length) return;
      whenReady(figure, () => figure.anneal.update({append: points, progressAppend: measures}));
    }

    function refresh() {
      refreshing ||= setTimeout(() => {
        refreshing = 0;
        if (!waiting) ask();
      }, 400);
    }

    function follow() {
      const source = new EventSource(`/events?after=${document.body.dataset.event}`);
      source.addEventListener("points", event => {
        const data = JSON.parse(event.data), one = {id: event.lastEventId, append: data.append};
        document.body.dataset.event = event.lastEventId;
        $("runs").anneal.update(data);
        if (shown && number(one.id) > number(shown.event)) { later.push(one); grow(one); }
      });
      // Runs that began anew, or a page that missed more than is kept.
      source.addEventListener("runs", event => {
        document.body.dataset.event = event.lastEventId;
        $("runs").anneal.update({subtitle: null, handles: [], ...JSON.parse(event.data)});
        later = [];
        refresh();
      });
      source.onopen = () => say($("status"), "following the runs");
      source.onerror = () => {
        say($("status"), "waiting for anneal explore");
        // A browser gives up by itself where it was answered that there are too many.
        if (source.readyState === EventSource.CLOSED) setTimeout(follow, 2000);
      };
    }

    """#
}
