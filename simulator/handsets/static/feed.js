// What happens on the network, as it happens; comes back by itself after the connection is lost.

const SOONEST_MS = 500;
const LATEST_MS = 4000;

// Calls `on.hello`, `on.told`, `on.table` with plain objects and `on.lost(true | false)`.
export function follow(on) {
  let run = "";
  let read = 0;
  let wait = SOONEST_MS;

  function connect() {
    const source = new EventSource(`/handsets/stream?run=${run}&since=${read}`);
    source.addEventListener("hello", (event) => {
      const hello = JSON.parse(event.data);
      wait = SOONEST_MS;
      on.lost(false);
      if (hello.fresh) read = 0;
      const restarted = run !== "" && run !== hello.run;
      run = hello.run;
      on.hello({ ...hello, restarted });
    });
    source.addEventListener("told", (event) => {
      const told = JSON.parse(event.data);
      read = told.number;
      on.told(told);
    });
    source.addEventListener("table", (event) => on.table(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      source.close();
      on.lost(true);
      setTimeout(connect, wait);
      wait = Math.min(LATEST_MS, wait * 1.5);
    });
  }

  connect();
}
