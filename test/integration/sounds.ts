/** A second of a tone, 16-bit mono at 16 kHz. */
export function tone(hertz: number): Buffer {
  const samples = 16_000
  const wav = Buffer.alloc(44 + 2 * samples)
  wav.write('RIFF', 0)
  wav.writeUInt32LE(wav.length - 8, 4)
  wav.write('WAVEfmt ', 8)
  for (const [at, value] of [
    [16, 16],
    [24, samples],
    [28, 2 * samples],
    [40, 2 * samples],
  ] as const) {
    wav.writeUInt32LE(value, at)
  }
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const)
    wav.writeUInt16LE(value, at)
  wav.write('data', 36)
  for (let i = 0; i < samples; i++)
    wav.writeInt16LE(Math.round(9000 * Math.sin((2 * Math.PI * hertz * i) / samples)), 44 + 2 * i)
  return wav
}
