/** Limits both sides keep to. Apart from contract.ts, so that the window does not carry its schemas. */

/** Most pictures and documents of one question, and pages of one scan. */
export const mostAttachments = 10
/** Most bytes of one picture, as the window hands it over. */
export const mostAttachmentBytes = 20_000_000
/** Bytes of a picture's file in which its header has to be. */
export const attachmentHeadBytes = 1_048_576
/** Most sources one call hands to a form; more come in several. */
export const mostFormSources = 100
/** Namespace of models that are tried before they are kept. */
export const trialNamespace = 'hearth-trial'
/** Characters of a text a form is run on, or that is sent with a question. */
export const mostSourceText = 2_000_000

/** What a window's number is handed to its page behind: an argument of the page's process. */
export const windowArgument = '--hearth-window='

/**
 * What the settings of a safetensors model are called, the list of its parts among them. Any of them stands for the
 * folder it lies in, and together with weights says nothing further.
 */
export const modelSetting =
  /^(?:(?:(?:adapter_|generation_|tokenizer_)?config|tokenizer|special_tokens_map|added_tokens|modules|.+\.safetensors\.index)\.json|tokenizer\.model|chat_template\.jinja)$/i
