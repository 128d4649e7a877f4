using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>The periods, their reasons and the rungs of a loop over time, in memory that does not grow with the recording.</summary>
/// <remarks>Time is cut into bins; when there are too many, each two become one. Every cycle counts: a bin knows its first, shortest, longest and last period and
/// how many cycles had which reason. One thread.</remarks>
public sealed class PeriodTrace
{
    /// <summary>How many reasons a period can have (<see cref="PeriodReason"/>).</summary>
    internal const int Reasons = 8;

    /// <summary>How many rung changes are kept one by one; all are counted.</summary>
    public const int MostChanges = 1000;

    private const int MostBins = 4096;

    private readonly Bin[] _bins = new Bin[MostBins];
    private readonly List<(Stamp Time, Rung Rung, RungReason Reason)> _changes = [];
    private readonly PeriodGrid _grid;
    private Stamp _start, _end;
    private Rung _rung;

    /// <summary>Makes an empty trace.</summary>
    /// <param name="grid">The periods that the loop could choose from.</param>
    public PeriodTrace(PeriodGrid grid) => _grid = grid;

    /// <summary>Gets the periods that the loop could choose from.</summary>
    public PeriodGrid Grid => _grid;

    /// <summary>Gets how many cycles were added.</summary>
    public long Cycles { get; private set; }

    /// <summary>Gets the time of the first cycle.</summary>
    public Stamp Start => _start;

    /// <summary>Gets the time of the last cycle.</summary>
    public Stamp End => _end;

    /// <summary>Gets how often the rung changed.</summary>
    public long Changes { get; private set; }

    /// <summary>Gets the first <see cref="MostChanges"/> changes of the rung: when, to which, why.</summary>
    public IReadOnlyList<(Stamp Time, Rung Rung, RungReason Reason)> RungChanges => _changes;

    /// <summary>Gets the length of a bin.</summary>
    internal Duration BinLength { get; private set; } = Duration.FromMilliseconds(1);

    /// <summary>Gets the bins up to the last cycle; those without cycles have a count of 0.</summary>
    internal ReadOnlySpan<Bin> Bins => Cycles == 0 ? [] : _bins.AsSpan(0, IndexOf(_end) + 1);

    /// <summary>Adds a cycle. A period index beyond the grid, which only a damaged recording has, is left out.</summary>
    public void Add(in CycleRecord record)
    {
        if (record.PeriodIndex >= _grid.Count) return;
        if (Cycles == 0) (_start, _end) = (record.Tag, record.Tag);
        if (record.Tag < _start) return;
        if (record.Rung != _rung)
        {
            _rung = record.Rung;
            Changes++;
            if (_changes.Count < MostChanges) _changes.Add((record.Tag, record.Rung, record.RungReason));
        }
        Cycles++;
        _end = record.Tag > _end ? record.Tag : _end;
        while ((_end - _start).Nanoseconds / BinLength.Nanoseconds >= MostBins) Halve();
        _bins[IndexOf(record.Tag)].Add(record.PeriodIndex, record.PeriodReason, record.Rung);
    }

    private int IndexOf(Stamp time) => (int)((time - _start).Nanoseconds / BinLength.Nanoseconds);

    private void Halve()
    {
        for (int i = 0; i < MostBins / 2; i++)
        {
            var bin = _bins[2 * i];
            bin.Add(_bins[2 * i + 1]);
            _bins[i] = bin;
        }
        Array.Clear(_bins, MostBins / 2, MostBins / 2);
        BinLength = new Duration(2 * BinLength.Nanoseconds);
    }

    /// <summary>What happened in a piece of time.</summary>
    internal struct Bin
    {
        /// <summary>Cycles, and grid indices of the first, shortest, longest and last period.</summary>
        public int Count;

        /// <summary>Grid indices of periods in this bin.</summary>
        public byte First, Low, High, Last;

        /// <summary>The worst rung.</summary>
        public Rung Worst;

        /// <summary>Cycles per reason.</summary>
        public ReasonCounts Reasons;

        public void Add(byte index, PeriodReason reason, Rung rung)
        {
            if (Count++ == 0) First = Low = High = index;
            (Low, High, Last) = (Math.Min(Low, index), Math.Max(High, index), index);
            if (rung > Worst) Worst = rung;
            if ((int)reason < PeriodTrace.Reasons) Reasons[(int)reason]++;
        }

        public void Add(in Bin later)
        {
            if (later.Count == 0) return;
            if (Count == 0)
            {
                this = later;
                return;
            }
            Count += later.Count;
            (Low, High, Last) = (Math.Min(Low, later.Low), Math.Max(High, later.High), later.Last);
            if (later.Worst > Worst) Worst = later.Worst;
            for (int i = 0; i < PeriodTrace.Reasons; i++) Reasons[i] += later.Reasons[i];
        }
    }

    /// <summary>Cycles per reason, inside the bin.</summary>
    [System.Runtime.CompilerServices.InlineArray(PeriodTrace.Reasons)]
    internal struct ReasonCounts
    {
        private int _first;
    }
}
