// What the person does, told to the network: one thing after the other for each telephone.

import { toast } from "./dom.js";

const lines = new Map();

// Resolves to true when it was done; otherwise says why on the page, and resolves to false.
export function act(action, body) {
  const key = body.phone ?? "";
  const before = lines.get(key) ?? Promise.resolve();
  const now = before.then(() => send(action, body));
  lines.set(key, now);
  return now;
}

async function send(action, body) {
  try {
    const answer = await fetch(`/handsets/do/${action}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (answer.ok) return true;
    const { error } = await answer.json();
    toast(error);
  } catch {
    toast("The telephone exchange does not answer. Is it still running?");
  }
  return false;
}
