// Pages work without this: it only saves steps. No library, nothing fetched from elsewhere.

for (const button of document.querySelectorAll('[data-remove]')) {
  button.addEventListener('click', () => {
    const form = button.form;
    button.closest('.chip').remove();
    form?.requestSubmit();
  });
}

const drop = document.getElementById('drop');
const search = document.getElementById('search');
if (drop && search) {
  const ask = async (file) => {
    if (!file || !file.type.startsWith('image/')) return;
    const body = new FormData();
    body.append('picture', file, file.name || 'pasted');
    const answer = await fetch('/api/searches/pictures', { method: 'POST', body });
    if (!answer.ok) {
      const problem = await answer.json().catch(() => ({}));
      say(problem.detail ?? problem.title ?? answer.statusText);
      return;
    }
    const { queryPictures, people } = await answer.json();
    const add = (name, value) => search.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
    for (const old of people.length ? search.querySelectorAll('input[name=found]') : []) old.remove();
    for (const person of people) add('found', person);
    for (const name of people.slice(0, 1).concat(people.length ? [] : queryPictures)) add('picture', name);
    search.requestSubmit();
  };
  const say = (text) => {
    const line = Object.assign(document.createElement('p'), { className: 'problem', textContent: text });
    line.setAttribute('role', 'alert');
    drop.after(line);
  };
  drop.addEventListener('dragover', (event) => { event.preventDefault(); drop.classList.add('over'); });
  drop.addEventListener('dragleave', () => drop.classList.remove('over'));
  drop.addEventListener('drop', (event) => { event.preventDefault(); drop.classList.remove('over'); ask(event.dataTransfer.files[0]); });
  document.addEventListener('paste', (event) => ask([...event.clipboardData.files][0]));
  document.getElementById('file').addEventListener('change', (event) => ask(event.target.files[0]));
}

const filing = document.getElementById('filing');
if (filing) {
  filing.addEventListener('submit', async (event) => {
    event.preventDefault();
    const files = [...filing.elements.pictures.files];
    const [progress, status, list] = ['filing-progress', 'filing-status', 'filing-problems'].map((id) => document.getElementById(id));
    progress.hidden = false;
    progress.max = files.length;
    list.replaceChildren();
    let read = 0, added = 0, left = 0;
    const [atOnce, bytesAtOnce] = [16, 32 << 20];
    for (let start = 0, end; start < files.length; start = end) {
      let bytes = files[start].size;
      for (end = start + 1; end < Math.min(files.length, start + atOnce) && (bytes += files[end].size) <= bytesAtOnce;) end++;
      const body = new FormData();
      for (const name of ['camera', 'taken', 'label']) if (filing.elements[name].value) body.append(name, filing.elements[name].value);
      for (const file of files.slice(start, end)) body.append('pictures', file, file.name);
      const answer = await fetch('/api/sightings', { method: 'POST', body }).catch((trouble) => new Response('{}', { status: 503, statusText: trouble.message }));
      const filed = await answer.json().catch(() => ({}));
      const problems = filed.problems ?? [{ name: '', reason: filed.detail ?? answer.statusText }];
      read += filed.sightings?.length ?? 0;
      added += filed.new ?? 0;
      left += answer.ok ? problems.length : end - start;
      for (const problem of problems) list.append(Object.assign(document.createElement('li'), { textContent: `${problem.name}: ${problem.reason}` }));
      progress.value = end;
      status.textContent = status.dataset.done.replace('{0}', read).replace('{1}', added).replace('{2}', left);
    }
  });
}

for (const row of document.querySelectorAll('tr[data-job]')) {
  const events = new EventSource(`/api/jobs/${row.dataset.job}/events`);
  events.addEventListener('job', (event) => {
    const job = JSON.parse(event.data);
    row.querySelector('[data-field=state]').textContent = job.state[0].toUpperCase() + job.state.slice(1);
    row.querySelector('[data-field=count]').textContent = `${job.done + job.failed} / ${job.total}`;
    row.querySelector('[data-field=sightings]').textContent = job.sightings;
    row.querySelector('[data-field=failed]').textContent = job.failed;
    Object.assign(row.querySelector('progress'), { max: Math.max(1, job.total), value: job.done + job.failed });
    if (job.state === 'finished' || job.state === 'cancelled') {
      events.close();
      row.querySelector('form')?.remove();
    }
  });
  events.addEventListener('error', () => events.close());
}
