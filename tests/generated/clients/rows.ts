// Creates, reads, lists, changes and deletes rows with the client that was made from the contract.
declare const process: { argv: [string, string, string] };

import { client } from "./client/client.gen.js";
import {
  createThing,
  deleteThing,
  listThings,
  logIn,
  readThing,
  register,
  updateThing,
} from "./client/sdk.gen.js";
import type { ListThingsData } from "./client/types.gen.js";

const email = "ada@example.com";
const password = "correct horse battery staple";
const throwOnError = true;

function expect(found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    throw new Error(`${JSON.stringify(found)} is not ${JSON.stringify(wanted)}`);
  }
}

client.setConfig({ baseUrl: process.argv[2] });
await register({ body: { email, password }, throwOnError });
const { data: tokens } = await logIn({ body: { username: email, password }, throwOnError });
client.setConfig({ auth: () => tokens.access_token });

const ids: number[] = [];
for (const price of [4.35, "19.99", 0.07]) {
  const number = ids.length;
  const { data: made } = await createThing({
    body: {
      name: `Thing ${number}`,
      ratio: 0.1,
      price,
      open: true,
      at: "2026-01-02T10:00:00Z",
      key: `a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1${number}`,
      email: `thing${number}@example.com`,
      days: ["2026-01-31"],
    },
    throwOnError,
  });
  expect(made.price, String(price));
  const { data: read } = await readThing({ path: { thing_id: made.id }, throwOnError });
  expect(read, made);
  ids.push(made.id);
}

const query: ListThingsData["query"] = { limit: 2, sort: "-price", open: [true], total: true };
const { data: first } = await listThings({ query, throwOnError });
expect(first.items.map((thing) => thing.price), ["19.99", "4.35"]);
expect(first.total, 3);
const { data: second } = await listThings({
  query: { ...query, cursor: first.next ?? undefined },
  throwOnError,
});
expect(second.items.map((thing) => thing.price), ["0.07"]);
expect(second.next, null);

const { data: changed } = await updateThing({
  path: { thing_id: ids[0] ?? 0 },
  body: { price: 0.07, note: null },
  throwOnError,
});
expect(changed.price, "0.07");
for (const id of ids) {
  await deleteThing({ path: { thing_id: id }, throwOnError });
}
const { data: none } = await listThings({ throwOnError });
expect(none.items, []);
