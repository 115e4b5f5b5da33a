/** Limits both sides keep to. Apart from contract.ts, so that the window does not carry its schemas. */

/** Most pictures and documents of one question, and pages of one scan. */
export const mostAttachments = 10
/** Most bytes of one picture, as the window hands it over. */
export const mostAttachmentBytes = 20_000_000
/** Bytes of a picture's file in which its header has to be. */
export const attachmentHeadBytes = 1_048_576
/** Namespace of models that are tried before they are kept. */
export const trialNamespace = 'hearth-trial'
/** Characters of a text a form is run on, or that is sent with a question. */
export const mostSourceText = 2_000_000

/** Characters of the longest text a person may write or hand over, by what it is. */
export const longest = {
  /** Title of a chat, or name of a form. */
  title: 200,
  /** Name of a folder of chats, or of a preset. */
  name: 100,
  /** Name of a model, with its registry and tag, or the link to one. */
  modelName: 500,
  /** Name of a file, with the pages it was read of behind it. */
  fileName: 500,
  /** Of that, what says the pages. */
  partName: 50,
  /** Path of a file or a folder: Windows' own limit. */
  path: 32_768,
  question: 4_000_000,
  /** A system prompt, or a message of an example. */
  systemPrompt: 200_000,
  /** What a form's model is told. */
  instructions: 20_000,
  template: 1_000_000,
  licence: 4_000_000,
  modelfile: 4_000_000,
  /** What chats are searched for. */
  searchedFor: 500,
  /** Address of a web page that may use the API. */
  origin: 500,
} as const

/** Most messages of the examples a model is made with. */
export const mostExampleMessages = 200

/** Least and most of a model's parameters, by Ollama's names; contexts and answers in tokens. */
export const parameterLimits = {
  temperature: { min: 0, max: 2 },
  top_p: { min: 0, max: 1 },
  top_k: { min: 0, max: 1_000 },
  repeat_penalty: { min: 0, max: 2 },
  seed: { min: 0, max: 2 ** 31 - 1 },
  num_ctx: { min: 512, max: 2 ** 20 },
  num_predict: { min: 1, max: 2 ** 20 },
} as const

export const highestPort = 65_535

/** What a window's number is handed to its page behind: an argument of the page's process. */
export const windowArgument = '--hearth-window='

/**
 * What the settings of a safetensors model are called, the list of its parts among them. Any of them stands for the
 * folder it lies in, and together with weights says nothing further.
 */
export const modelSetting =
  /^(?:(?:(?:adapter_|generation_|tokenizer_)?config|tokenizer|special_tokens_map|added_tokens|modules|.+\.safetensors\.index)\.json|tokenizer\.model|chat_template\.jinja)$/i
