import type { Behaviour, Order } from "../../unit_tests/model/world.ts";

/** One way in which a set may behave. */
export interface Kind {
  readonly name: string;
  readonly order: Order;
  readonly moves: Pick<Behaviour, "moveEvery" | "inserts" | "removes">;
  /** Whether the process is killed now and then. */
  readonly kills: boolean;
}

const orders: readonly Order[] = ["ascending", "descending", "arbitrary", "random"];

const movements: readonly Pick<Kind, "name" | "moves" | "kills">[] = [
  { name: "at rest", moves: { moveEvery: 0, inserts: 0, removes: 0 }, kills: false },
  { name: "one more every 7 requests", moves: { moveEvery: 7, inserts: 1, removes: 0 }, kills: false },
  { name: "one less every 7 requests", moves: { moveEvery: 7, inserts: 0, removes: 1 }, kills: false },
  {
    name: "one more and one less every 3 requests",
    moves: { moveEvery: 3, inserts: 1, removes: 1 },
    kills: false,
  },
  {
    name: "30 more and 30 less every 11 requests",
    moves: { moveEvery: 11, inserts: 30, removes: 30 },
    kills: false,
  },
  { name: "at rest, process killed", moves: { moveEvery: 0, inserts: 0, removes: 0 }, kills: true },
  {
    name: "one less every 7 requests, process killed",
    moves: { moveEvery: 7, inserts: 0, removes: 1 },
    kills: true,
  },
];

/** Every order with every movement. */
export const kinds: readonly Kind[] = orders.flatMap((order) =>
  movements.map(({ name, moves, kills }) => ({ name: `${order} order, ${name}`, order, moves, kills })),
);
