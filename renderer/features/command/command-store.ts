import { create } from 'zustand'
import type { Command } from '../../../preload/contract.ts'
import { call } from '../../state/bridge.ts'

/** Null until it has been looked for, and for a copy that has no command. */
export const useCommand = create<{ command: Command | null }>(() => ({ command: null }))

export async function lookForCommand(): Promise<Command | null> {
  const { command } = await call('command.look', {})
  useCommand.setState({ command })
  return command
}

/** @returns what there is afterwards: nothing new, when the person gave no password */
export async function changeCommand(change: 'command.install' | 'command.remove'): Promise<Command | null> {
  try {
    await call(change, {})
  } finally {
    await lookForCommand()
  }
  return useCommand.getState().command
}
