// The page of a job: ask how far it is, every second, until it has ended.
"use strict";

(() => {
  const box = document.querySelector(".desk-job[data-progress]");
  if (!box || !box.dataset.progress) return;
  const show = (figures) => {
    box.querySelector("progress").value = figures.percent;
    for (const place of box.querySelectorAll("[data-figure]")) {
      place.textContent = figures[place.dataset.figure];
    }
  };
  const ask = async () => {
    let wait = 1000;
    try {
      const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const figures = await answer.json();
      show(figures);
      if (!figures.open) {
        window.location.reload();
        return;
      }
    } catch {
      wait = 5000; // the server is busy or away; it will be back
    }
    window.setTimeout(ask, wait);
  };
  window.setTimeout(ask, 1000);
})();
