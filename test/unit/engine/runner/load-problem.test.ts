import { InsufficientMemoryError } from 'node-llama-cpp'
import { describe, expect, it } from 'vitest'
import { loadProblem } from '../../../../main/engine/runner/load-problem.ts'
import { Problem } from '../../../../main/problem.ts'

const failed = new Error('Failed to load model')

describe('loadProblem', () => {
  it('names an architecture llama.cpp does not know', () => {
    const log = ["llama_model_load: error loading model: unknown model architecture: 'future9'"]
    expect(loadProblem(failed, log)).toMatchObject({
      code: 'unsupported-architecture',
      message: "unable to load model: unknown model architecture: 'future9'",
    })
  })

  it.each([
    [new InsufficientMemoryError('A context size of 9 is too large for the available VRAM'), []],
    [
      failed,
      ['ggml_backend_cuda_buffer_type_alloc_buffer: allocating 9 MiB on device 0: cudaMalloc failed: out of memory'],
    ],
    [new Error('Failed to create context'), ['alloc_tensor_range: failed to allocate CPU buffer of size 99']],
    [new Error('std::bad_alloc'), []],
  ])('knows a lack of memory, so that the scheduler can make room: %s', (error, log) => {
    expect(loadProblem(error, log).code).toBe('out-of-memory')
  })

  it("says what llama.cpp found wrong with the file, and keeps the reader's own complaints for the details", () => {
    const log = ["llama_model_load: error loading model: tensor 'x' data is not within the file bounds"]
    expect(loadProblem(failed, log).message).toContain("tensor 'x' data is not within the file bounds")
    const parsing = loadProblem(new RangeError('The value of "size" is out of range'), [])
    expect(parsing.message).toBe('unable to load model: the file is damaged or incomplete')
    expect(parsing.details).toContain('out of range')
  })

  it('does not show the path of the blob as a reason', () => {
    const log = ['llama_model_load: error loading model: llama_model_loader: failed to load model from /home/lena/blob']
    expect(loadProblem(failed, log).message).not.toContain('lena')
  })

  it('lets a Problem through', () => {
    const problem = new Problem('out-of-memory', 500, 'full')
    expect(loadProblem(problem, [])).toBe(problem)
  })
})
