import { quantizeType } from './create-quantize.ts'
import { badRequest, type CreateRequest, checkRequest } from './create-request.ts'
import { applyInfo, emptyConfig } from './model-config.ts'

/**
 * Checks all of a request that can be checked without its files: what is wrong in it is told before an hour's work.
 * @param checkTemplate throws an Error in Go's words when a text is no template
 * @throws Problem 400, and 500 for a quantisation nobody knows
 */
export function checkCreate(request: CreateRequest, checkTemplate: (template: string) => void): void {
  checkRequest(request)
  if (request.template) {
    try {
      checkTemplate(request.template)
    } catch (error) {
      throw badRequest(`template error: ${(error as Error).message}`)
    }
  }
  applyInfo(emptyConfig(), request.info ?? {})
  if (request.quantize) quantizeType(request.quantize)
  if (request.draftQuantize) quantizeType(request.draftQuantize)
}
