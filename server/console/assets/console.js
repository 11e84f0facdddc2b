// What a page can do beyond forms and links. Everything works without it, only with more steps.
;(() => {
  'use strict'
  const root = document.documentElement
  root.classList.add('js')

  const toast = (text) => {
    const place = document.querySelector('[data-toast]')
    if (!place) return
    place.textContent = text
    place.classList.add('shown')
    clearTimeout(toast.timer)
    toast.timer = setTimeout(() => place.classList.remove('shown'), 3000)
  }

  async function copy(text) {
    // Only secure contexts have a clipboard; a school's own server may be plain HTTP.
    if (navigator.clipboard) return navigator.clipboard.writeText(text)
    const area = document.createElement('textarea')
    area.value = text
    document.body.append(area)
    area.select()
    document.execCommand('copy')
    area.remove()
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-copy]')
    if (!button) return
    void copy(button.dataset.copy).then(() => toast(`${document.body.dataset.copied}: ${button.dataset.copy}`))
  })

  // One box for all of a list.
  document.addEventListener('change', (event) => {
    const all = event.target.closest('[data-all]')
    if (!all) return
    for (const box of all.closest('form').querySelectorAll(`input[type=checkbox][name="${all.dataset.all}"]`)) box.checked = all.checked
  })

  // Forms somebody has begun are not taken away by what changes elsewhere.
  document.addEventListener('input', (event) => event.target.form?.setAttribute('data-begun', ''))
  // Neither is what became of a form.
  const isBusy = () => document.querySelector('#page form[data-begun], #page [data-keep]') !== null || document.activeElement?.matches('#page input, #page textarea, #page select') === true

  let changedHere = false
  let opened = []
  // An answer to a look at what changes elsewhere is old when the person has done something since.
  let done = 0
  let doneAtLook = 0
  const isLook = ({ detail }) => detail.requestConfig?.headers?.['x-live'] === '1'
  document.addEventListener('htmx:beforeRequest', (event) => {
    if (!isLook(event)) done += 1
  })
  const openDetails = () => [...document.querySelectorAll('#page details[open][id]')].map(({ id }) => id)

  document.addEventListener('htmx:beforeSwap', (event) => {
    if (isLook(event) && done !== doneAtLook) event.detail.shouldSwap = changedHere = false
    opened = openDetails()
  })
  document.addEventListener('htmx:afterSettle', (event) => {
    if (event.detail.target?.id !== 'page' && event.detail.elt?.id !== 'page') return
    if (changedHere) for (const id of opened) document.getElementById(id)?.setAttribute('open', '')
    // As a browser does with a new page: reading begins at its top.
    else (document.querySelector('#page [data-focus]') ?? document.getElementById('main'))?.focus({ preventScroll: true })
    changedHere = false
    // This page is younger than whatever was heard before; the stream begins again with what happened since it was made.
    clearTimeout(waiting)
    source?.close()
    listensTo = undefined
    listen()
  })
  for (const failure of ['htmx:sendError', 'htmx:timeout']) document.addEventListener(failure, () => toast(document.body.dataset.failed))

  // What changes elsewhere. Only a page that is looked at keeps a connection: a browser has six for one host.
  let source
  let listensTo
  let waiting
  function listen() {
    const { live: address, since } = document.hidden ? {} : (document.querySelector('[data-live]')?.dataset ?? {})
    if (address === listensTo) return
    source?.close()
    listensTo = address
    source = address ? new EventSource(`${address}&since=${since}`) : undefined
    source?.addEventListener('changed', () => {
      clearTimeout(waiting)
      // A step writes several things: one look at the page for all of them.
      waiting = setTimeout(show, 300)
    })
  }
  function show() {
    if (isBusy()) {
      document.querySelector('[data-changed]')?.removeAttribute('hidden')
      return
    }
    changedHere = true
    doneAtLook = done
    void window.htmx.ajax('GET', location.pathname + location.search, { source: document.getElementById('page'), target: '#page', select: '#page', swap: 'outerHTML', headers: { 'x-live': '1' } })
  }
  document.addEventListener('visibilitychange', () => {
    const returned = !document.hidden && listensTo === undefined && document.querySelector('[data-live]') !== null
    listen()
    if (returned) show()
  })
  document.addEventListener('DOMContentLoaded', listen)
})()
