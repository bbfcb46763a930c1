"use strict";
// Comforts of the page, which is complete without them: theme, sorting, filter, links that open rows.
(() => {
  const root = document.documentElement;
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  // Files opened from disk may have no storage.
  const stored = (act) => { try { return act(localStorage); } catch { return null; } };

  const dark = () => root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = one("#theme");
  const show = (name) => {
    if (name === "dark" || name === "light") root.dataset.theme = name;
    theme.textContent = dark() ? "Light page" : "Dark page";
  };
  show(stored((s) => s.getItem("seedbench-theme")));
  theme.addEventListener("click", () => {
    const name = dark() ? "light" : "dark";
    stored((s) => s.setItem("seedbench-theme", name));
    show(name);
  });

  const value = (row, column) => {
    const cell = row.cells[column];
    return cell ? cell.dataset.value ?? cell.textContent.trim() : "";
  };
  const compare = (a, b) => {
    const [x, y] = [Number.parseFloat(a), Number.parseFloat(b)];
    if (Number.isNaN(x) || Number.isNaN(y)) return a.localeCompare(b);
    return x - y;
  };
  for (const table of all("table.sortable")) {
    all("thead th", table).forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        for (const other of all("thead th", table)) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const rows = all("tbody tr", table);
        rows.sort((a, b) => (up ? 1 : -1) * compare(value(a, column), value(b, column)));
        table.tBodies[0].append(...rows);
      });
    });
  }

  const search = one("#search");
  const verdict = one("#verdict");
  const filter = () => {
    const wanted = search.value.trim().toLowerCase();
    let left = 0;
    for (const row of all("[data-row], .verdicts tbody tr, .promises tbody tr")) {
      const name = row.dataset.row ?? row.cells[0].textContent;
      const verdicts = row.dataset.verdict ?? one(".badge", row).className;
      const fits = name.toLowerCase().includes(wanted)
        && (!verdict.value || verdicts.split(" ").includes(verdict.value));
      row.hidden = !fits;
      left += fits && row.closest("table.sortable") ? 1 : 0;
    }
    one("#left").textContent = `${left} rows`;
  };
  if (search && verdict) {
    search.addEventListener("input", filter);
    verdict.addEventListener("change", filter);
    filter();
  }

  const open = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let at = target; at; at = at.parentElement) {
      at.hidden = false;
      if (at.tagName === "DETAILS") at.open = true;
    }
    target.scrollIntoView();
  };
  addEventListener("hashchange", open);
  open();
  // What is folded away is printed too.
  const folded = [];
  addEventListener("beforeprint", () => {
    for (const fold of all("details:not([open])")) { fold.open = true; folded.push(fold); }
  });
  addEventListener("afterprint", () => { for (const fold of folded.splice(0)) fold.open = false; });
  for (const control of all("[data-script]")) control.hidden = false;
})();
