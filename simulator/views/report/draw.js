// Draws every chart from the figures in the page. Tables are open until this runs, so that a reader
// without scripts has all the numbers.
(async () => {
  "use strict";
  const root = document.documentElement;
  for (const block of document.querySelectorAll("details.data")) block.open = false;
  // On paper short tables are shown below their chart; on screen they stay folded.
  const short = [...document.querySelectorAll("details.data:not(.long)")];
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = short.filter((block) => !block.open);
    for (const block of unfolded) block.open = true;
  });
  addEventListener("afterprint", () => { for (const block of unfolded) block.open = false; });
  const charts = [...document.querySelectorAll(".chart")];
  try {
    const bundle = document.getElementById("plotly-bundle");
    if (bundle) { // not in pages that share a file
      const bytes = Uint8Array.from(atob(bundle.textContent.trim()), (letter) => letter.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
      const script = document.createElement("script");
      script.textContent = await new Response(stream).text();
      document.head.append(script);
      script.remove(); // it has run
    }
    const config = { responsive: true, displayModeBar: false, displaylogo: false,
                     showSendToCloud: false, plotlyServerURL: "" };
    for (const chart of charts) {
      const figure = JSON.parse(document.getElementById(chart.dataset.figure).textContent);
      chart.replaceChildren();
      await Plotly.newPlot(chart, figure.data, figure.layout, config);
      // On paper the chart has a fixed width: plotly does not follow the page when it is printed.
      // The usual height is cut a little; one that was chosen for what the chart holds is kept.
      const height = (figure.layout.height || 400) === 400 ? 295 : Math.min(figure.layout.height, 900);
      const paper = { ...figure.layout, width: 720, height, autosize: false };
      document.getElementById(chart.id + "-print").src = await Plotly.toImage(
        { data: figure.data, layout: paper, config }, { format: "svg", width: paper.width, height: paper.height });
    }
    root.dataset.charts = "drawn";
  } catch (problem) {
    for (const block of document.querySelectorAll("details.data")) block.open = true;
    root.dataset.charts = "failed";
    console.error(problem);
  }
})();
