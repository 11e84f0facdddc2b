import { choiceLabel, formTexts as texts } from '../../../school/texts/console/form-labels.ts'
import { failReasons } from '../../../machines/task-catalogue.ts'
import { html, type Html } from '../../html.ts'
import type { Problem } from '../api.ts'
import type { Fields } from '../fields.ts'
import { stepField, type FormField, type Option } from './form-field.ts'

/** What stands in a form: what was sent before, and what is wrong with it. */
export interface Filled {
  form?: Fields | undefined
  problem?: Problem | undefined
  /** Where the fields stand in what the API was sent: «evidence». */
  under?: string
  /** Keeps ids apart where a page has several forms. */
  id: string
}

/** Few choices are seen at once, many are picked from a list. */
const mostRadios = 5

/** What the API says of this field, and not of the whole. */
function problemOf(name: string, { problem, under }: Filled): string | undefined {
  const path = [under, name].filter(Boolean).join('.')
  const found = problem?.problems?.filter((one) => one.path === path || one.path.startsWith(`${path}.`)) ?? []
  return found.length > 0 ? found.map(({ message, hint }) => [message, hint].filter(Boolean).join('. ')).join('. ') : undefined
}

/** Why a form was not taken, with what belongs to no field of it. */
export function problemView({ problem, under }: Omit<Filled, 'id'>, fields: readonly FormField[]): Html | false {
  if (!problem) return false
  const shown = new Set(fields.map(({ name }) => [under, name].filter(Boolean).join('.')))
  const others = (problem.problems ?? []).filter(({ path }) => !shown.has(path) && ![...shown].some((field) => path.startsWith(`${field}.`)))
  const mended = (problem.problems?.length ?? 0) > others.length
  return html`<div class="problem" role="alert" tabindex="-1" data-focus data-keep><p><strong>${problem.title}</strong></p><p>${mended ? texts.check : problem.detail}</p>${others.map(({ message }) => html`<p>${message}</p>`)}</div>`
}

/** The fields of a form, each with its label, its problem and what stood in it. */
export function formView(fields: readonly FormField[], filled: Filled): Html {
  return html`${fields.map((field) => fieldView(field, filled))}`
}

function fieldView(field: FormField, filled: Filled): Html {
  const { name, label, kind, required, options, maxLength } = field
  const id = `${filled.id}-${name}`
  const value = filled.form ? filled.form.get(name) : (field.value ?? '')
  if (kind === 'hidden') return html`<input type="hidden" name="${name}" value="${field.value ?? ''}" />`
  const problem = problemOf(name, filled)
  const wrong = problem !== undefined && html`aria-invalid="true" aria-describedby="${id}-problem"`
  const must = required && html`required`
  const said = problem !== undefined && html`<p class="field-problem" id="${id}-problem">${problem}</p>`
  const title = html`${label}${!required && html` <span class="quiet">(${texts.optional})</span>`}`
  const labelled = (control: Html) => html`<div class="field"><label for="${id}">${title}</label>${control}${said}</div>`
  const group = (controls: readonly Html[]) => html`<fieldset class="field" ${wrong}><legend>${title}</legend>${controls}${said}</fieldset>`

  switch (kind) {
    case 'confirm':
      return html`<div class="field"><label class="choice"><input type="checkbox" id="${id}" name="${name}" value="true" ${filled.form && value === 'true' && html`checked`} ${must} ${wrong} />${label}</label>${said}</div>`
    case 'many': {
      const chosen = new Set(filled.form?.all(name) ?? [])
      return group(options.map((option) => html`<label class="choice"><input type="checkbox" name="${name}" value="${option.value}" ${chosen.has(option.value) && html`checked`} />${option.label}</label>`))
    }
    case 'steps':
      return group(options.map((option) => stepView(name, option, filled)))
    case 'yesNo':
    case 'choice':
      if (options.length > mostRadios)
        return labelled(html`<select id="${id}" name="${name}" ${must} ${wrong}><option value="">${required ? texts.choose : texts.nothing}</option>${options.map((option) => html`<option value="${option.value}" ${option.value === value && html`selected`}>${option.label}</option>`)}</select>`)
      return group([html`<div class="choices">${options.map((option) => html`<label class="choice"><input type="radio" name="${name}" value="${option.value}" ${option.value === value && html`checked`} ${must} />${option.label}</label>`)}</div>`])
    case 'date':
      return labelled(html`<input type="date" id="${id}" name="${name}" value="${value}" ${must} ${wrong} />`)
    case 'moment':
      return labelled(html`<input type="datetime-local" id="${id}" name="${name}" value="${value}" ${must} ${wrong} />`)
    case 'number':
      return labelled(html`<input type="number" inputmode="numeric" min="0" step="1" id="${id}" name="${name}" value="${value}" ${must} ${wrong} />`)
    case 'line':
      return labelled(html`<input id="${id}" name="${name}" value="${value}" maxlength="${maxLength}" autocomplete="off" ${must} ${wrong} />`)
    case 'text':
      return labelled(html`<textarea id="${id}" name="${name}" maxlength="${maxLength}" ${must} ${wrong}>${value}</textarea>`)
  }
}

const stepResults = ['done', 'alreadyDone', 'failed'] as const

/** What came of one step, and why it failed if it did; a step that is left out is reported later. */
function stepView(name: string, { value: step, label }: Option, { form }: Filled): Html {
  const [result, reason] = [stepField(name, step), stepField(name, step, 'reason')]
  const word = (choice: string) => choiceLabel('', name, choice) ?? choice
  return html`<fieldset class="step">
    <legend>${label}</legend>
    <div class="row">${stepResults.map((choice) => html`<label class="choice"><input type="radio" name="${result}" value="${choice}" ${form?.get(result) === choice && html`checked`} />${word(choice)}</label>`)}</div>
    <label>${texts.whyFailed} <select name="${reason}"><option value="">${texts.nothing}</option>${failReasons.map((choice) => html`<option value="${choice}" ${form?.get(reason) === choice && html`selected`}>${word(choice)}</option>`)}</select></label>
  </fieldset>`
}
