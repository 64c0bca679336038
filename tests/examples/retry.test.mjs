import assert from "node:assert/strict";
import { test } from "node:test";

const server = process.env.JOBSMOCK_URL ?? "http://127.0.0.1:8386";

function send(method, url, body) {
  return fetch(url, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

// A cloud of its own for each test, made anew whenever the test runs.
async function cloud(name, settings = { sample: "demo", seed: 1 }) {
  await send("PUT", `${server}/_jobsmock/worlds/${name}`, settings);
  const api = `${server}/w/${name}/v1.1/demo`;
  const control = (path, body) => send("POST", `${server}/w/${name}/_jobsmock/${path}`, body);
  return { api, control };
}

// What is tested.
async function listJobs(api, tries = 3) {
  const answer = await fetch(`${api}/jobs`);
  if (answer.status === 503 && tries > 1) return listJobs(api, tries - 1);
  if (!answer.ok) throw new Error(`the service answered ${answer.status}`);
  return (await answer.json()).jobs;
}

test("a service that is busy twice is asked a third time", async () => {
  const { api, control } = await cloud("js-busy");
  await control("rules", { when: { operation: "jobs.list" }, on: { times: 2 }, then: { status: 503 } });
  assert.ok((await listJobs(api)).length > 0);
  assert.equal((await control("verify", { when: { operation: "jobs.list" }, exactly: 3 })).status, 200);
});

test("a connection that breaks is told", async () => {
  const { api, control } = await cloud("js-broken");
  await control("rules", { when: { operation: "jobs.list" }, then: { wire: "reset" } });
  await assert.rejects(listJobs(api), TypeError);
});

test("an execution of ten minutes has succeeded, now", async () => {
  const { api, control } = await cloud("js-clock", { sample: "demo", plan: "RUNNING 10m > SUCCEEDED" });
  const { jobs } = await (await fetch(`${api}/jobs?name=till-cleanup`)).json();
  const { clusters } = await (await fetch(`${api}/clusters`)).json();
  const cluster_id = clusters.find((one) => one.name === "playground").id;
  const started = await (await send("POST", `${api}/jobs/${jobs[0].id}/execute`, { cluster_id, interface: {} })).json();
  const id = started.job_execution.id;
  await control("clock", { until: { execution: id, status: "SUCCEEDED" } });
  const { job_execution } = await (await fetch(`${api}/job-executions/${id}`)).json();
  assert.equal(job_execution.info.status, "SUCCEEDED");
});
