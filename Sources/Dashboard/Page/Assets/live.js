// One stream for all tabs of a browser. Each tab that is seen says on a channel which report it shows; the one that has the lock
// holds the stream for all of them, and passes on what it hears. A hidden or paused tab says and hears nothing.
"use strict";

/** `hear` gets ("changed", id of the report's event), ("time", { as_of, now }) and ("state", "live", "lost" or "closed"). */
const makeLive = (hear) => {
  const lockName = "partner-pulse-stream";
  const roundPause = 20000; // milliseconds between two rounds of the leader
  const silence = 50000; // milliseconds after which a tab that says nothing is gone
  const retryPause = 5000; // milliseconds until a stream that was refused is asked for again
  const mostReports = 32; // that one stream may tell of

  const me = `${Math.random()}`;
  // Without locks, as on pages that are not secure, each tab leads itself alone.
  const channel = navigator.locks && "BroadcastChannel" in window ? new BroadcastChannel("partner-pulse") : null;
  let shown = null; // the report that this tab shows
  let contest = null; // aborts the wait for the lock
  let leader = null;

  /** What the tab that leads keeps. */
  const makeLeader = () => {
    const tabs = new Map(); // what each tab shows, and when it said so
    const ids = new Map(); // the newest id of each report
    let watched = [];
    let stream = null;
    let state = "lost";
    let time = null;
    let planned = null;

    const tellState = (next) => {
      state = next;
      tell({ type: "state", state });
    };

    const open = () => {
      stream?.close();
      stream = null;
      if (watched.length === 0) return;
      const reports = watched;
      stream = new EventSource(`/api/v1/changes?${reports.map((of) => `of=${encodeURIComponent(of)}`).join("&")}`);
      stream.addEventListener("open", () => tellState("live"));
      stream.addEventListener("changed", ({ data }) => {
        const { of, id } = JSON.parse(data);
        ids.set(reports[of], id);
        tell({ type: "changed", of: reports[of], id });
      });
      stream.addEventListener("time", ({ data }) => {
        time = JSON.parse(data);
        tell({ type: "time", time });
      });
      stream.addEventListener("error", () => {
        if (!stream) return;
        // The browser gives up on an answer that is no stream; the tabs may find out why.
        if (stream.readyState !== EventSource.CLOSED) {
          tellState("lost");
          return;
        }
        stream = null;
        watched = [];
        tellState("closed");
        setTimeout(plan, retryPause);
      });
    };

    /** Soon, since several tabs may come or go at once. */
    const plan = () => {
      planned ??= setTimeout(() => {
        planned = null;
        if (leader?.plan !== plan) return;
        const wanted = [...new Set([...tabs.values()].map(({ of }) => of))].sort().slice(0, mostReports);
        if (wanted.join() === watched.join() && (stream || wanted.length === 0)) return;
        watched = wanted;
        open();
      }, 50);
    };

    const round = setInterval(() => {
      for (const [tab, { at }] of tabs) if (Date.now() - at > silence) tabs.delete(tab);
      plan();
      tell({ type: "who" });
    }, roundPause);

    return {
      plan,
      join(tab, of) {
        tabs.set(tab, { of, at: Date.now() });
        plan();
        if (ids.has(of) && watched.includes(of)) tell({ type: "changed", of, id: ids.get(of) });
        if (stream) tell({ type: "state", state });
        if (time) tell({ type: "time", time });
      },
      leave(tab) {
        tabs.delete(tab);
        plan();
      },
      end() {
        clearInterval(round);
        stream?.close();
        stream = null;
      },
    };
  };

  const take = (message) => {
    switch (message.type) {
      case "watch": leader?.join(message.tab, message.of); break;
      case "leave": leader?.leave(message.tab); break;
      case "who": if (shown !== null) tell({ type: "watch", tab: me, of: shown }); break;
      case "changed": if (message.of === shown) hear("changed", message.id); break;
      case "time": if (shown !== null) hear("time", message.time); break;
      case "state": if (shown !== null) hear("state", message.state); break;
    }
  };
  const tell = (message) => {
    channel?.postMessage(message);
    take(message);
  };
  channel?.addEventListener("message", ({ data }) => take(data));

  /** Leads until the promise is kept, which gives the lock to another tab. */
  const lead = () => new Promise((resolve) => {
    leader = makeLeader();
    const { end } = leader;
    leader.end = () => {
      end();
      leader = null;
      resolve();
    };
    tell({ type: "who" });
  });

  return {
    /** Says which report is shown from now on; null for none that is to be kept up to date. */
    show(of) {
      if (of === shown) return;
      shown = of;
      if (of === null) {
        contest?.abort();
        contest = null;
        tell({ type: "leave", tab: me });
        leader?.end();
        return;
      }
      tell({ type: "watch", tab: me, of });
      if (contest) return;
      contest = new AbortController();
      if (channel) navigator.locks.request(lockName, { signal: contest.signal }, lead).catch(() => {});
      else lead();
    },
  };
};
