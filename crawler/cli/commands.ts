import type { Command } from './command.ts'

/** Every command of the crawler, in the order of its help. The first one runs when none is named. */
export const COMMANDS: readonly Command[] = [
  { name: 'run', line: 'Follows the chain into the store', load: () => import('./run.ts') },
  { name: 'status', line: 'Tells how the store and its crawler are', load: () => import('./status.ts') },
  {
    name: 'verify',
    line: 'Compares every stored figure with what nodes say',
    load: () => import('./verify.ts'),
  },
  {
    name: 'repair',
    words: 'FROM..TO',
    line: 'Writes what differs in the eras of these heights, and fills what was absent',
    load: () => import('./repair.ts'),
  },
  {
    name: 'prices import',
    words: 'FILE',
    line: 'Takes hourly prices out of a CSV file',
    load: async () => (await import('./prices.ts')).importCommand,
  },
  {
    name: 'prices fill',
    line: 'Asks the price sources for every hour without a price',
    load: async () => (await import('./prices.ts')).fillCommand,
  },
  { name: 'peers', line: 'Looks once for the peers of the network', load: () => import('./peers.ts') },
  {
    name: 'supply recompute',
    line: "Computes every closed era's circulating supply anew, by the network's published method",
    load: async () => (await import('./supply.ts')).recomputeCommand,
  },
  {
    name: 'supply check',
    words: '[FILE…]',
    line: 'Checks the files of supply inputs',
    load: async () => (await import('./supply.ts')).checkCommand,
  },
  {
    name: 'labels check',
    words: '[FILE…]',
    line: 'Checks the files of labels',
    load: async () => (await import('./labels.ts')).checkCommand,
  },
]
