import { GoTemplate } from './go-template/template.ts'
import { JinjaTemplate } from './jinja/template.ts'
import { remembered } from './remembered.ts'

/** @throws TemplateParseError */
export const goTemplate = remembered(source => GoTemplate.parse(source))

/** @throws JinjaError */
export const jinjaTemplate = remembered(source => JinjaTemplate.parse(source))
