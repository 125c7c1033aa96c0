namespace Semblance.Gallery.Search;

/// <summary>
/// Many readers or one writer. A waiting writer goes before new readers, so that a stream of searches cannot keep it out; nothing to dispose, no thread owns
/// it.
/// </summary>
internal sealed class ReadersAndWriter
{
    private readonly object _gate = new();
    private int _readers;
    private int _waitingWriters;
    private bool _writing;

    public void EnterRead()
    {
        lock (_gate)
        {
            while (_writing || _waitingWriters > 0)
            {
                Monitor.Wait(_gate);
            }

            _readers++;
        }
    }

    public void ExitRead()
    {
        lock (_gate)
        {
            if (--_readers == 0)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    public void EnterWrite()
    {
        lock (_gate)
        {
            _waitingWriters++;
            while (_writing || _readers > 0)
            {
                Monitor.Wait(_gate);
            }

            _waitingWriters--;
            _writing = true;
        }
    }

    public void ExitWrite()
    {
        lock (_gate)
        {
            _writing = false;
            Monitor.PulseAll(_gate);
        }
    }
}
