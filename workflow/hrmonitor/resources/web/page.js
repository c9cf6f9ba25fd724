// What a reader can do with the page: choose light or dark, find the way, sort and filter tables, look figures up.
// All text goes in as text, never as markup.
"use strict";

const root = document.documentElement;
root.classList.add("scripted");

// Some browsers refuse storage to a page that is opened from a disk.
function remembered(key) {
  try { return localStorage.getItem(key); } catch { return null; }
}
function remember(key, value) {
  try { localStorage.setItem(key, value); } catch { /* the choice then holds for this visit */ }
}
const asked = remembered("theme");
if (asked === "light" || asked === "dark") root.dataset.theme = asked;

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function drawn(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

addEventListener("DOMContentLoaded", () => {
  const page = JSON.parse(document.getElementById("page-data").textContent);
  const { lang, words } = page;
  const status = document.getElementById("status");
  const say = (sentence) => { status.textContent = sentence; };
  const collator = new Intl.Collator(lang, { numeric: true, sensitivity: "base" });

  // --- light and dark ---------------------------------------------------------------------------------
  const themeButton = document.getElementById("theme-button");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const showTheme = () => themeButton.setAttribute("aria-pressed", String(isDark()));
  themeButton.hidden = false;
  themeButton.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember("theme", root.dataset.theme);
    showTheme();
  });
  system.addEventListener("change", showTheme);
  showTheme();

  // --- contents ---------------------------------------------------------------------------------------
  const contents = document.getElementById("contents");
  const contentsButton = document.getElementById("contents-button");
  function showContents(shown) {
    contents.classList.toggle("shown", shown);
    contentsButton.setAttribute("aria-expanded", String(shown));
  }
  contentsButton.addEventListener("click", () => showContents(!contents.classList.contains("shown")));
  contents.addEventListener("click", (event) => { if (event.target.closest("a")) showContents(false); });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && contents.classList.contains("shown")) {
      showContents(false);
      contentsButton.focus();
    }
  });

  const links = new Map([...contents.querySelectorAll("a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const sections = [...document.querySelectorAll("main section[id]")].filter((section) => links.has(section.id));
  const languages = [...document.querySelectorAll("a.language")];
  const addresses = new Map(languages.map((link) => [link, link.getAttribute("href")]));
  let current = null;
  // The section that is read: the last one whose top has passed the bar.
  function follow() {
    let reading = null;
    for (const section of sections) {
      if (section.getBoundingClientRect().top > innerHeight * 0.25) break;
      reading = section;
    }
    if (reading === current) return;
    current = reading;
    for (const [id, link] of links) {
      const here = current !== null && id === current.id;
      if (here) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
      link.parentElement.classList.toggle("open", current !== null && link.parentElement.contains(links.get(current.id)));
    }
    const link = current && links.get(current.id);
    if (link && link.offsetParent !== null) {
      const [box, bar] = [link.getBoundingClientRect(), contents.getBoundingClientRect()];
      if (box.top < bar.top || box.bottom > bar.bottom) contents.scrollTop += box.top - bar.top - bar.height / 3;
    }
    turnLanguages();
  }
  // The same place in the other language: chapters have the same id there, their parts need not.
  function turnLanguages() {
    const chapter = current && current.closest("section[id^='sec-'], #explore");
    const place = !chapter ? "" : chapter.id === "explore" ? location.hash || "#explore" : `#${chapter.id}`;
    for (const link of languages) link.setAttribute("href", addresses.get(link) + place);
  }
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; follow(); });
  }, { passive: true });

  for (const heading of document.querySelectorAll("main section[id] > :is(h2, h3, h4), figure[id] > figcaption")) {
    const link = make("a", { class: "anchor", href: `#${heading.parentElement.id}`, "aria-label": `${words.link}: ${heading.textContent.trim()}` }, "#");
    heading.append(link);
  }

  // --- search over all text ---------------------------------------------------------------------------
  const search = document.getElementById("search");
  const searchWords = document.getElementById("search-words");
  const searchFound = document.getElementById("search-found");
  const searchCount = document.getElementById("search-count");
  const MOST_FOUND = 40;
  let blocks = null;
  // What can be found: headings, paragraphs, items, captions and rows, each with the heading that it stands under.
  function readBlocks() {
    const found = [];
    for (const block of document.querySelectorAll("main :is(h1, h2, h3, h4, p, li, figcaption, caption, tr)")) {
      if (block.closest("#explore-place, #explore-form") || block.querySelector("p, li, tr")) continue;
      const parts = block.tagName === "TR" ? [...block.cells] : [block];
      const text = parts.map((part) => part.textContent.replace(/\u200b/g, "").replace(/\s+/g, " ").trim()).filter(Boolean).join(" · ");
      if (!text) continue;
      const section = block.closest("section[id]");
      const heading = section && section.querySelector(":scope > :is(h1, h2, h3, h4)");
      found.push({ block, text, low: text.toLowerCase(), under: heading ? heading.firstChild && textUnder(heading) : "" });
    }
    return found;
  }
  const textUnder = (heading) => [...heading.childNodes].filter((node) => !node.classList || !node.classList.contains("anchor")).map((node) => node.textContent).join("").replace(/\s+/g, " ").trim();
  function snippet(text, low, part) {
    const at = low.indexOf(part);
    const from = Math.max(0, at - 40);
    const piece = make("span", {}, (from ? "… " : "") + text.slice(from, at));
    piece.append(make("mark", {}, text.slice(at, at + part.length)), text.slice(at + part.length, at + part.length + 60));
    return piece;
  }
  function goTo(block) {
    for (let outer = block.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
    for (const old of document.querySelectorAll(".found")) old.classList.remove("found");
    block.classList.add("found");
    block.setAttribute("tabindex", "-1");
    showContents(false);
    block.scrollIntoView({ block: "center" });
    block.focus({ preventScroll: true });
  }
  function look() {
    blocks ??= readBlocks();
    const parts = searchWords.value.toLowerCase().split(/\s+/).filter(Boolean);
    const hits = parts.length && parts.join("").length > 1 ? blocks.filter(({ low }) => parts.every((part) => low.includes(part))) : [];
    searchFound.replaceChildren(...hits.slice(0, MOST_FOUND).map(({ block, text, low, under }) => {
      const link = make("a", { href: `#${block.closest("[id]").id}` }, make("strong", {}, under), snippet(text, low, parts[0]));
      link.addEventListener("click", (event) => { event.preventDefault(); event.stopPropagation(); goTo(block); });
      return make("li", {}, link);
    }));
    const said = hits.length ? fill(words.found, { shown: Math.min(hits.length, MOST_FOUND), all: hits.length }) : words.nothing_found;
    searchCount.textContent = parts.length ? said : "";
  }
  search.hidden = false;
  search.addEventListener("submit", (event) => { event.preventDefault(); searchFound.querySelector("a")?.focus(); });
  let typing = 0;
  searchWords.addEventListener("input", () => {
    look();
    clearTimeout(typing);
    typing = setTimeout(() => say(searchCount.textContent), 600);
  });

  // --- figures as files ---------------------------------------------------------------------------------
  // The figure with its headline above and its source below, so that it says what it is wherever it goes.
  function standing(figure) {
    const original = figure.querySelector("svg.wide");
    const [, , width, height] = original.getAttribute("viewBox").split(/\s+/).map(Number);
    const caption = textUnder(figure.querySelector("figcaption"));
    const source = figure.querySelector(".citation").textContent;
    const linesOf = (text, size) => {
      const most = Math.floor(width / (size * 0.55));
      return text.split(" ").reduce((lines, word) => {
        const last = lines.at(-1);
        if (last && `${last} ${word}`.length <= most) lines[lines.length - 1] = `${last} ${word}`; else lines.push(word);
        return lines;
      }, []);
    };
    const [top, bottom] = [linesOf(caption, 11), linesOf(source, 7)];
    const [above, below] = [top.length * 14 + 8, bottom.length * 9.5 + 8];
    const line = (text, y, size, look) => drawn("text", { x: 4, y, "font-size": size, "font-family": "Open Sans, Segoe UI, Arial, sans-serif", fill: "#222222", stroke: "none", ...look }, text);
    const copy = drawn("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 ${-above} ${width + 8} ${height + above + below}`, width: width + 8, height: height + above + below, role: "img", "aria-label": original.getAttribute("aria-label") });
    copy.append(drawn("rect", { x: 0, y: -above, width: width + 8, height: height + above + below, fill: "#ffffff" }));
    top.forEach((text, place) => copy.append(line(text, -above + 14 + 14 * place, 11, { "font-weight": "bold" })));
    const inner = drawn("g", { transform: "translate(4 0)", "stroke-linejoin": "round", "stroke-linecap": "butt" });
    for (const child of original.childNodes) inner.append(child.cloneNode(true));
    copy.append(inner);
    bottom.forEach((text, place) => copy.append(line(text, height + 10 + 9.5 * place, 7, { fill: "#555555" })));
    return copy;
  }
  function hand(name, blob) {
    const address = URL.createObjectURL(blob);
    const link = make("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }
  function saveSvg(figure) {
    const content = `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(standing(figure))}\n`;
    hand(`${figure.dataset.file}.svg`, new Blob([content], { type: "image/svg+xml" }));
  }
  function savePng(figure) {
    const drawing = standing(figure);
    const picture = new Image();
    picture.addEventListener("load", () => {
      const scale = 3;
      const canvas = make("canvas", { width: Math.round(drawing.getAttribute("width") * scale), height: Math.round(drawing.getAttribute("height") * scale) });
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => hand(`${figure.dataset.file}.png`, blob), "image/png");
    });
    picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(drawing))}`;
  }
  for (const figure of document.querySelectorAll("figure[data-file]")) {
    for (const [kind, act] of [["PNG", savePng], ["SVG", saveSvg]]) {
      const button = make("button", { type: "button", class: kind.toLowerCase() }, kind, make("span", { class: "unseen" }, ` ${textUnder(figure.querySelector("figcaption"))}`));
      button.addEventListener("click", () => act(figure));
      figure.querySelector(".under .download").before(button);
    }
    const box = figure.querySelector(".cite");
    const copy = make("button", { type: "button", class: "copy" }, words.copy);
    copy.addEventListener("click", async () => {
      const text = `${box.querySelector(".citation").textContent}\n\n${box.querySelector("code").textContent}`;
      try { await navigator.clipboard.writeText(text); say(words.copied); } catch { getSelection().selectAllChildren(box); }
    });
    box.append(copy);
  }

  // --- numbers as people write them ---------------------------------------------------------------------
  const approximate = new RegExp(`^(?:(?:${words.approximate.join("|")})\\s+|[<>≤≥±~+(]\\s*)+`, "i");
  // The first number of a cell: 1.234,5 or 1,234.5, a percentage, an interval by its low end, "about 20", "17 of 22". null: none.
  function numberIn(text) {
    const bare = text.replace(approximate, "").replace(/[−–]/g, "-");
    const found = bare.match(/^-?\d+(?:[.,]\d+)*/);
    return found ? Number(found[0].replaceAll(page.thousands, "").replace(page.decimal, ".")) : null;
  }
  const textOf = (cell) => cell.textContent.replace(/\u200b/g, "").replace(/\s+/g, " ").trim();
  const isMissing = (text) => page.missing.includes(text);

  // --- CSV ------------------------------------------------------------------------------------------------
  function csvOf(rows) {
    return rows.map((row) => row.map((value) => {
      let text = value === null ? "" : String(value);
      // A spreadsheet would run a text that starts like a formula.
      if (/^[=+\-@\t\r]/.test(text) && typeof value !== "number") text = `'${text}`;
      return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
    }).join(",") + "\n").join("");
  }
  const save = (name, rows) => hand(name, new Blob([csvOf(rows)], { type: "text/csv;charset=utf-8" }));

  // --- tables -----------------------------------------------------------------------------------------------
  const growing = new ResizeObserver((entries) => { for (const entry of entries) reach(entry.target); });
  // A region that scrolls can be reached by keyboard; one that does not would only be a stop on the way.
  function reach(region) {
    const scrolls = region.scrollWidth > region.clientWidth + 1 || region.scrollHeight > region.clientHeight + 1;
    if (scrolls) region.setAttribute("tabindex", "0"); else region.removeAttribute("tabindex");
  }

  // Sorting, filtering and download of one table. `rowsToSave` gives its own rows to those who download.
  function equip(table, rowsToSave) {
    const region = table.closest(".scroll");
    const headings = [...table.tHead.rows[0].cells];
    const body = table.tBodies[0];
    let original = [...body.rows];
    let sortedBy = null;
    // A heading of the rows below it; those say it themselves once they are moved.
    const isGroup = (row) => row.classList.contains("group");
    const tools = make("div", { class: "tools-of-table" });
    const frame = make("div", { class: "table" });
    region.before(frame);
    frame.append(tools, region);
    growing.observe(region);
    let input = null;
    const shownRows = make("p", { class: "rows" });

    function sort(column, direction) {
      sortedBy = direction ? { column, direction } : null;
      headings.forEach((heading, place) => {
        if (direction && place === column) heading.setAttribute("aria-sort", direction); else heading.removeAttribute("aria-sort");
      });
      let rows = original;
      if (direction) {
        const texts = new Map(original.map((row) => [row, row.cells[column] ? textOf(row.cells[column]) : ""]));
        const known = original.filter((row) => !isMissing(texts.get(row)));
        const numbers = new Map(known.map((row) => [row, numberIn(texts.get(row))]));
        // A column of versions (1.26.4) has numbers that are none.
        const numeric = known.every((row) => numbers.get(row) !== null && !/^\d+\.\d{1,2}\.\d/.test(texts.get(row)));
        const sign = direction === "ascending" ? 1 : -1;
        known.sort((a, b) => sign * (numeric ? numbers.get(a) - numbers.get(b) : collator.compare(texts.get(a), texts.get(b))));
        rows = [...known, ...original.filter((row) => isMissing(texts.get(row)))];
      }
      body.append(...rows);
      mix();
    }
    function filter() {
      const parts = input ? input.value.toLowerCase().split(/\s+/).filter(Boolean) : [];
      let shown = 0;
      for (const row of original) {
        const text = textOf(row).toLowerCase();
        row.hidden = !isGroup(row) && !parts.every((part) => text.includes(part));
        shown += !row.hidden && !isGroup(row);
      }
      shownRows.textContent = parts.length ? fill(words.rows, { shown, all: original.filter((row) => !isGroup(row)).length }) : "";
      mix();
    }
    // Rows that have left their neighbours say what they are about.
    function mix() {
      table.classList.toggle("mixed", sortedBy !== null || original.some((row) => row.hidden));
    }

    if (table.hasAttribute("data-sort")) {
      headings.forEach((heading, column) => {
        const label = textOf(heading);
        if (!label) return;
        const button = make("button", { type: "button" });
        button.append(...heading.childNodes);
        heading.append(button);
        button.addEventListener("click", () => {
          const now = heading.getAttribute("aria-sort");
          const next = now === null ? "ascending" : now === "ascending" ? "descending" : null;
          sort(column, next);
          say(next ? fill(words.sorted, { column: label, direction: words[next] }) : words.unsorted);
          table.dispatchEvent(new Event("sorted"));
        });
      });
    }
    if (table.hasAttribute("data-filter")) {
      const id = `${table.id}-filter`;
      input = make("input", { id, type: "search", autocomplete: "off", spellcheck: "false", "aria-controls": table.id });
      tools.append(make("div", {}, make("label", { for: id }, words.filter), input));
      let pause = 0;
      input.addEventListener("input", () => {
        filter();
        clearTimeout(pause);
        pause = setTimeout(() => say(shownRows.textContent), 600);
      });
    }
    tools.append(shownRows);
    if (!table.classList.contains("figure-data")) {
      const button = make("button", { type: "button", class: "save" }, words.download);
      const caption = table.caption ? textOf(table.caption) : "";
      if (caption) button.append(make("span", { class: "unseen" }, ` ${caption}`));
      button.addEventListener("click", () => {
        const plain = () => [headings, ...original.map((row) => [...row.cells])].map((row) => row.map(textOf));
        save(`${table.id || "table"}.csv`, rowsToSave ? rowsToSave() : plain());
      });
      tools.append(button);
    }
    return {
      sort, input, filter,
      get sorted() { return sortedBy; },
      shown: () => [...body.rows].filter((row) => !row.hidden),
      renew(rows) {
        original = rows;
        body.replaceChildren(...rows);
        if (sortedBy) sort(sortedBy.column, sortedBy.direction);
        filter();
      },
    };
  }
  for (const table of document.querySelectorAll("main table")) equip(table);
  for (const card of document.querySelectorAll(".card")) growing.observe(card);

  // --- the explorer -------------------------------------------------------------------------------------------
  function explore({ rounds, services, questions, answers, rows, tested }) {
    const chooseAbout = document.getElementById("explore-about");
    const ofFindings = new Set(tested);
    if (ofFindings.size) document.getElementById("explore-about-field").hidden = false; else chooseAbout.value = "";
    const form = document.getElementById("explore-form");
    const chooseRound = document.getElementById("explore-round");
    const chooseService = document.getElementById("explore-service");
    const named = { round: new Map(rounds), service: new Map(services) };
    const options = (pairs, all) => [...pairs, ["", all]].map(([value, label]) => make("option", { value }, label));
    chooseRound.append(...options(rounds, words.all_rounds));
    chooseService.append(...options(services, words.all_services));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;

    const columns = ["round", "service", "question", "answer", "estimate", "range", "interval", "n"];
    const head = make("tr", {}, ...columns.map((name, place) => make("th", { scope: "col", ...(place >= 4 ? { class: "right" } : {}) }, words.columns[name])));
    const caption = make("caption", { id: "explore-caption" });
    const table = make("table", { id: "explore-table", "data-sort": "", "data-filter": "" }, caption, make("thead", {}, head), make("tbody"));
    const region = make("div", { class: "scroll tall", role: "region", "aria-labelledby": "explore-caption", tabindex: "0" }, table);
    document.getElementById("explore-place").append(region);

    const write = (value, digits) => new Intl.NumberFormat(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value).replace("-", "−");
    function shownAs(value, unit, statistic, ending = true) {
      if (value === null) return "";
      if (unit === "share") return ending ? fill(page.percent, { value: write(100 * value, 0) }) : write(100 * value, 0);
      const whole = Number.isInteger(value) || statistic === "total";
      const shown = write(value, whole ? 0 : 1);
      return ending && unit === "%" ? fill(page.percent, { value: shown }) : shown;
    }
    // From 0 to 100 per cent; other units have no common scale.
    function range(estimate, low, high, unit) {
      const most = unit === "share" ? 1 : unit === "%" ? 100 : null;
      if (most === null || estimate === null) return "";
      const at = (value) => 4 + (120 * value) / most;
      const marks = [drawn("rect", { class: "scale", x: 4, y: 7, width: 120, height: 2 })];
      if (low !== null) marks.push(drawn("rect", { class: "between", x: at(low), y: 5, width: Math.max(0, at(high) - at(low)), height: 6 }));
      marks.push(drawn("circle", { class: "estimate", cx: at(estimate), cy: 8, r: 4 }));
      return drawn("svg", { class: "range", viewBox: "0 0 128 16", "aria-hidden": "true", focusable: "false" }, ...marks);
    }
    const source = new Map();
    function rowOf(data) {
      const [round, service, question, answer, statistic, unit, n, population, estimate, low, high, hidden] = data;
      const census = n !== null && n === population;
      const cells = [
        named.round.get(round), named.service.get(service), questions[question][1], answers[answer][1],
        hidden ? words.suppressed : shownAs(estimate, unit, statistic) + (["share", "%", ""].includes(unit) || estimate === null ? "" : ` ${words.units[unit] ?? unit}`),
        hidden ? "" : range(estimate, low, high, unit),
        hidden || census || low === null ? "–" : `${shownAs(low, unit, statistic, false)}–${shownAs(high, unit, statistic)}`,
        hidden ? "–" : fill(words.n_of, { n: write(n, 0), total: write(population, 0) }),
      ].map((content, place) => make("td", place >= 4 ? { class: "right" } : {}, content));
      if (hidden) cells[4].classList.add("hidden-value");
      const row = make("tr", {}, ...cells);
      source.set(row, data);
      return row;
    }

    const names = ["round", "service", "indicator", "question", "category", "answer", "statistic", "unit", "n", "population", "estimate", "ci_low", "ci_high", "suppressed"];
    function toSave() {
      return [names, ...tool.shown().map((row) => {
        const [round, service, question, answer, statistic, unit, n, population, estimate, low, high, hidden] = source.get(row);
        const [indicator, label] = questions[question];
        return [round, service, indicator, label, answers[answer][0], answers[answer][1], statistic, unit, n, population, estimate, low, high, hidden ? "True" : "False"];
      })];
    }
    const tool = equip(table, toSave);
    // A range has no value of its own to sort by.
    head.cells[5].replaceChildren(make("span", { class: "plain" }, words.columns.range));

    function show() {
      const [round, service] = [chooseRound.value, chooseService.value];
      source.clear();
      tool.renew(rows.filter((row) => (!round || row[0] === round) && (!service || row[1] === service) && (!chooseAbout.value || ofFindings.has(row[2]))).map(rowOf));
      table.classList.toggle("one-round", round !== "");
      table.classList.toggle("one-service", service !== "");
      caption.textContent = fill(words.caption, { service: chooseService.selectedOptions[0].text, round: chooseRound.selectedOptions[0].text });
    }
    // The address keeps the view: #explore?round=2024&service=library&find=...&sort=4&order=descending
    function keep() {
      const view = new URLSearchParams({ about: chooseAbout.value, round: chooseRound.value, service: chooseService.value });
      if (tool.input.value) view.set("find", tool.input.value);
      if (tool.sorted) { view.set("sort", tool.sorted.column); view.set("order", tool.sorted.direction); }
      try { history.replaceState(null, "", `#explore?${view}`); } catch { /* then the address stays as it was */ }
      turnLanguages();
    }
    function take() {
      const [place, query] = location.hash.slice(1).split("?");
      if (place !== "explore" || query === undefined) return;
      const view = new URLSearchParams(query);
      chooseAbout.value = ofFindings.size && view.get("about") === "findings" ? "findings" : "";
      for (const [select, name] of [[chooseRound, "round"], [chooseService, "service"]]) {
        const value = view.get(name) ?? "";
        if ([...select.options].some((option) => option.value === value)) select.value = value;
      }
      offer();
      tool.input.value = view.get("find") ?? "";
      show();
      const [column, order] = [Number(view.get("sort") ?? -1), view.get("order")];
      if (column in columns && column !== 5 && ["ascending", "descending"].includes(order)) tool.sort(column, order);
      document.getElementById("explore").scrollIntoView();
    }
    // Only what there are answers to: rounds that asked what is chosen, and the types of service that such a round was about.
    function offer() {
      const about = rows.filter((row) => !chooseAbout.value || ofFindings.has(row[2]));
      function only(select, order, has) {
        for (const option of select.options) option.disabled = option.value !== "" && !about.some((row) => has(row, option.value));
        if (select.selectedOptions[0].disabled) select.value = order([...select.options]).find((option) => option.value && !option.disabled)?.value ?? "";
      }
      only(chooseRound, (options) => options.reverse(), (row, round) => row[0] === round);
      only(chooseService, (options) => options, (row, service) => row[1] === service && (!chooseRound.value || row[0] === chooseRound.value));
    }
    for (const select of [chooseAbout, chooseRound, chooseService]) {
      select.addEventListener("change", () => { offer(); show(); keep(); say(fill(words.rows, { shown: tool.shown().length, all: rows.length })); });
    }
    tool.input.addEventListener("input", keep);
    table.addEventListener("sorted", keep);
    chooseRound.value = rounds.at(-1)[0];
    offer();
    show();
    addEventListener("hashchange", take);
    take();
  }
  if (page.explorer) explore(page.explorer);
  follow();
});
