// Keeps the page up to date, and applies filters without a reload. All that is shown comes from the server as HTML: this
// script asks for the page again and puts in what differs.
"use strict";

(() => {
  const pause = 1000; // milliseconds between two updates
  const newsPause = 15000; // milliseconds between two announcements
  const byId = (id) => document.getElementById(id);
  const part = (root, name) => root.querySelector(`[data-part="${CSS.escape(name)}"]`);
  const parts = (root) => [...root.querySelectorAll("[data-part]")];

  // As the server sent it: what is open or focused must not count as a difference.
  const sent = new Map();
  const remember = () => {
    sent.clear();
    for (const element of parts(document)) sent.set(element.dataset.part, element.outerHTML);
  };

  /** Runs `change`, after which the element with the focused one's id has the focus. */
  const keepingFocus = (change) => {
    const { id } = document.activeElement;
    change();
    if (id && document.activeElement.id !== id) byId(id)?.focus({ preventScroll: true });
  };

  const highlighted = {};
  const highlight = (element) => {
    element.classList.remove("changed");
    // Reading a size makes the browser notice that the class was gone.
    void element.offsetWidth;
    element.classList.add("changed");
    clearTimeout(highlighted[element.id]);
    highlighted[element.id] = setTimeout(() => element.classList.remove("changed"), 2500);
  };

  const ownSegment = (bar) => bar?.querySelector(".own .number")?.textContent;

  const news = new Map();
  let announcing = null;
  const announce = (text, delay = newsPause) => {
    if (announcing) return;
    announcing = setTimeout(() => {
      announcing = null;
    }, delay);
    byId("news").textContent = text;
    news.clear();
  };

  /** Puts in the parts of `next` that differ; returns whether the two pages have the same parts. */
  const update = (next) => {
    const names = (root) => parts(root.querySelector("#report")).map((element) => element.dataset.part).join();
    if (names(document) !== names(next)) return false;
    keepingFocus(() => {
      for (const element of parts(next)) {
        const name = element.dataset.part;
        if (sent.get(name) === element.outerHTML) continue;
        const old = part(document, name);
        // A filter that is being used stays as it is.
        if (name.startsWith("filter-") && old === document.activeElement) continue;
        sent.set(name, element.outerHTML);
        const closed = old?.querySelector(".closed .segment")?.id;
        old?.replaceWith(document.importNode(element, true));
        if (closed) byId(closed).closest(".slot").classList.add("closed");
        const row = byId(name.replace(/^(figure|bar)-/, ""));
        if (!row?.classList.contains("indicator")) continue;
        // Ranges move all the time; of a bar, only one's own place in it is news.
        if (name.startsWith("bar-") && ownSegment(old) === ownSegment(element)) continue;
        highlight(row);
        if (name.startsWith("figure-")) {
          news.set(row.querySelector("h2").textContent, row.querySelector(".value").textContent);
        }
      }
    });
    if (news.size > 0) {
      const changes = [...news].map(([name, value]) => `${name} ${value}`).join("; ");
      announce(`${byId("report").dataset.updated}: ${changes}`);
    }
    return true;
  };

  /** Puts in the whole of `next` but for the filter that is being used. */
  const replace = (next) => {
    keepingFocus(() => {
      byId("report").replaceWith(document.importNode(next.querySelector("#report"), true));
      for (const field of next.querySelectorAll("#filters select, #filters input")) {
        const old = document.querySelector(`#filters [name="${CSS.escape(field.name)}"]`);
        if (old && old !== document.activeElement) old.replaceWith(document.importNode(field, true));
      }
      part(document, "subject").replaceWith(document.importNode(part(next, "subject"), true));
      document.querySelector(".languages").replaceWith(
        document.importNode(next.querySelector(".languages"), true));
      document.title = next.title;
    });
    remember();
    follow();
  };

  let newest = 0;
  const load = async (url) => {
    const number = ++newest;
    const response = await fetch(url, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (response.status === 401 || response.status === 403) throw new Error("ended");
    if (!response.ok) throw new Error(`status ${response.status}`);
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    // An answer that was overtaken is of no use.
    return number === newest ? next : null;
  };

  // --- live

  let stream = null;
  let followed = null;
  let waiting = null;
  let timer = null;
  let refreshedAt = 0;
  let going = 0; // pages that were asked for by a choice and have not come

  const show = (state) => {
    const badge = byId("live");
    badge.hidden = state === "off";
    badge.dataset.state = state;
    badge.textContent = badge.dataset[state] ?? "";
  };

  const refresh = async () => {
    timer = null;
    refreshedAt = Date.now();
    // News of the page that is being left must not overtake the one that was chosen.
    if (going > 0) {
      refreshSoon();
      return;
    }
    try {
      const next = await load(location.href);
      if (next && !update(next)) replace(next);
    } catch (error) {
      if (error.message === "ended") end();
    }
  };

  const refreshSoon = () => {
    timer ??= setTimeout(refresh, Math.max(0, refreshedAt + pause - Date.now()));
  };

  const end = () => {
    stream?.close();
    stream = null;
    show("ended");
  };

  function follow() {
    const url = byId("report").dataset.events;
    if (url === followed && stream) return;
    stream?.close();
    stream = null;
    followed = url;
    if (!url) {
      show("off");
      // There is nothing to follow before the first results.
      waiting ??= setTimeout(async () => {
        waiting = null;
        await refresh();
        follow();
      }, 5000);
      return;
    }
    stream = new EventSource(url);
    stream.addEventListener("open", () => show("live"));
    stream.addEventListener("indicators", refreshSoon);
    stream.addEventListener("error", () => {
      if (!stream) return;
      show("lost");
      // The browser gives up on an answer that is no stream; the page may know why.
      if (stream.readyState !== EventSource.CLOSED) return;
      stream = null;
      setTimeout(async () => {
        await refresh();
        if (byId("live").dataset.state === "lost") follow();
      }, 5000);
    });
  }

  // --- filters

  const go = async (url, isNew) => {
    going += 1;
    try {
      const next = await load(url);
      if (!next) return;
      if (isNew) history.pushState(null, "", url);
      replace(next);
      announcing = null;
      announce(part(document, "subject").innerText.replace(/\s+/g, " "), 1000);
    } catch {
      location.href = url;
    } finally {
      going -= 1;
    }
  };

  const form = byId("filters");
  const apply = () => {
    const items = [...new FormData(form)].filter(([, value]) => value !== "");
    go(`/?${new URLSearchParams(items)}`, true);
  };
  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    apply();
  });
  addEventListener("popstate", () => go(location.href, false));

  // --- ranges: Escape puts one away until its segment is left (WCAG 1.4.13)

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const slot of document.querySelectorAll(".slot:hover, .slot:focus-within")) slot.classList.add("closed");
  });
  for (const leaving of ["pointerout", "focusout"]) {
    document.addEventListener(leaving, (event) => {
      const slot = event.target.closest?.(".slot");
      if (slot && !slot.contains(event.relatedTarget)) slot.classList.remove("closed");
    });
  }

  addEventListener("pagehide", () => {
    stream?.close();
    stream = null;
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) refresh().then(follow);
  });

  document.documentElement.classList.add("script");
  remember();
  follow();
})();
