import { messagesBody } from '../anthropic/messages.ts'
import { chatBody } from '../ollama/chat.ts'
import { createBody } from '../ollama/create.ts'
import { embedBody } from '../ollama/embed.ts'
import { embeddingsBody } from '../ollama/embeddings.ts'
import { generateBody } from '../ollama/generate.ts'
import { chatCompletionsBody } from '../openai/chat-completions.ts'
import { completionsBody } from '../openai/completions.ts'
import { openAiEmbeddingsBody } from '../openai/embeddings.ts'
import { transcriptionsBody } from '../openai/transcriptions.ts'
import { responsesBody } from '../openai-responses/responses.ts'
import type { BodyType } from './body-type.ts'

/** Every body that may be large, by its endpoint's path. */
export const bodyTypes: ReadonlyMap<string, BodyType<unknown>> = new Map(
  [
    generateBody,
    chatBody,
    embedBody,
    embeddingsBody,
    createBody,
    chatCompletionsBody,
    completionsBody,
    openAiEmbeddingsBody,
    transcriptionsBody,
    responsesBody,
    messagesBody,
  ].map(type => [type.path, type as BodyType<unknown>]),
)
