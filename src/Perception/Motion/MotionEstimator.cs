using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Perception;

/// <summary>Tells direction and speed of the image motion in every tile, from events alone, by a layer of delayed synapses (<see cref="MotionKernel"/>).</summary>
/// <remarks>
/// Time is cut into steps of equal length on the clock of the events. Every event marks its pixel's history; when its step ends, the synapses
/// that find an event at their place and delay add their weights to the classes, and the sums of a tile's events fade with
/// <see cref="MotionOptions.WindowMs"/>. Nothing is computed where nothing happens. How time is cut into packets changes nothing but when
/// a step's result is seen: latency is one step.
/// <para>Weights are whole numbers of one unit, so sums are exact: neither the order of events inside a step nor the vector width matters.</para>
/// Loop thread only; allocates nothing after construction. Work per step is bounded by <see cref="MotionOptions.MaxEventsPerStep"/>.
/// </remarks>
public sealed class MotionEstimator : IFreezable, IPayload
{
    private const float Gone = 1e-3f; // events left in a tile below which it is empty
    private readonly MotionOptions _options;
    private readonly SynapseTable _table;
    private readonly MotionReadout _readout;
    private readonly HistoryImage _history;
    private readonly MotionTile[] _tiles;
    private readonly float[] _scores, _events, _pooled, _probabilities;
    private readonly int[] _sums, _arrived;
    private readonly int[] _tileOfColumn, _tileOfRow;
    private readonly uint[] _pending;
    private readonly ushort[] _taps;
    private readonly float _quantum, _keep;
    private readonly int _stepUs, _stride, _rows;
    private MotionCounters _counters;
    private long _step, _endUs;
    private int _pendingCount, _pendingLost;
    private bool _hasStarted, _isQuiet = true;

    /// <summary>Makes an estimator that knows nothing yet.</summary>
    /// <param name="width">Sensor columns, 1 … 4096.</param>
    /// <param name="height">Sensor rows, 1 … 4096.</param>
    /// <param name="kernel">The trained kernel.</param>
    /// <param name="options">How to pool; null = defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size or an option is outside its range.</exception>
    public MotionEstimator(int width, int height, MotionKernel kernel, MotionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        OptionRange.Check(width is >= 1 and <= 4096, nameof(MotionEstimator), nameof(width), width, "must be in [1, 4096]");
        OptionRange.Check(height is >= 1 and <= 4096, nameof(MotionEstimator), nameof(height), height, "must be in [1, 4096]");
        _options = options ?? new MotionOptions();
        _options.Validate();
        (Width, Height, Kernel) = (width, height, kernel);
        _stepUs = _options.StepUs > 0 ? _options.StepUs : kernel.Shape.StepUs;
        _table = new SynapseTable(kernel);
        _readout = new MotionReadout(kernel, _stepUs);
        _history = new HistoryImage(width, height, kernel.Shape.Depth, kernel.Shape.Radius);
        _stride = _table.Stride;
        _rows = _options.Rows == 0 ? height : Math.Min(_options.Rows, height);
        _quantum = kernel.Quantum;
        _keep = (float)DeterministicMath.Exp(-_stepUs * 1e-3 / _options.WindowMs);
        Columns = (width + _options.TilePixels - 1) / _options.TilePixels;
        Rows = (height + _options.TilePixels - 1) / _options.TilePixels;
        int tiles = Columns * Rows;
        _tiles = new MotionTile[tiles];
        _scores = new float[tiles * _stride];
        _pooled = new float[_stride];
        _probabilities = new float[tiles * _table.Classes];
        _sums = new int[tiles * _stride];
        _events = new float[tiles];
        _arrived = new int[tiles];
        _tileOfColumn = new int[width];
        _tileOfRow = new int[height];
        for (int x = 0; x < width; x++) _tileOfColumn[x] = x / _options.TilePixels;
        for (int y = 0; y < height; y++) _tileOfRow[y] = y / _options.TilePixels * Columns;
        // Room for four times the budget, so that thinning takes from the whole step and not from its end.
        _pending = new uint[(int)Math.Min(4L * _options.MaxEventsPerStep, 2L * width * height)];
        _taps = new ushort[Math.Max(1, _table.Capacity)];
        Array.Fill(_tiles, Unknown(0));
    }

    /// <summary>Gets the sensor's columns.</summary>
    public int Width { get; }

    /// <summary>Gets the sensor's rows.</summary>
    public int Height { get; }

    /// <summary>Gets the kernel.</summary>
    public MotionKernel Kernel { get; }

    /// <summary>Gets how many tiles lie side by side.</summary>
    public int Columns { get; }

    /// <summary>Gets how many rows of tiles there are.</summary>
    public int Rows { get; }

    /// <summary>Gets the side of a tile in pixels; the last column and row may be cut short.</summary>
    public int TilePixels => _options.TilePixels;

    /// <summary>Gets the length of a step in microseconds.</summary>
    public int StepUs => _stepUs;

    /// <summary>Gets the motions as of the last closed step, [row, column]; valid until the next call.</summary>
    public ReadOnlySpan<MotionTile> Tiles => _tiles;

    /// <summary>Gets what was done since construction.</summary>
    public MotionCounters Counters => _counters;

    /// <summary>Gets up to when steps were closed, in microseconds.</summary>
    public long SeenUs => _step * _stepUs;

    /// <summary>Takes one packet, closes the steps that end in it, and updates <see cref="Tiles"/>.</summary>
    /// <param name="packet">The events; in time order they fall into their own steps, an event older than the present step counts in it.</param>
    /// <param name="dt">The length of the window when the packet does not say (end not after start).</param>
    /// <returns>How many steps were closed.</returns>
    public int Update(EventPacket packet, Duration dt)
    {
        long start = packet.StartUs, end = packet.EndUs;
        if (end <= start) end = start + Math.Max(1, dt.Nanoseconds / 1000);
        // When time starts over, what is remembered belongs nowhere.
        if (_hasStarted && end <= _endUs) Forget();
        if (!_hasStarted) _step = StepOf(start);
        _hasStarted = true;
        _endUs = end;
        long last = StepOf(end), before = _counters.Steps;
        Mark(packet.Events, last);
        AdvanceTo(last);
        int closed = (int)Math.Min(_counters.Steps - before, int.MaxValue);
        if (closed > 0) ReadTiles();
        return closed;
    }

    /// <summary>Returns the probabilities of the classes in a tile.</summary>
    /// <param name="tile">Row · <see cref="Columns"/> + column.</param>
    /// <param name="probabilities">Receives them, [class].</param>
    /// <returns>False, and nothing written, when the tile's motion is not known.</returns>
    public bool TryGetProbabilities(int tile, Span<float> probabilities)
    {
        if (!_tiles[tile].IsKnown) return false;
        _probabilities.AsSpan(tile * _table.Classes, _table.Classes).CopyTo(probabilities);
        return true;
    }

    /// <summary>Returns the mean score of a tile's events for every class, with bias: what probabilities are made from.</summary>
    /// <param name="tile">Row · <see cref="Columns"/> + column.</param>
    /// <param name="scores">Receives them, [class].</param>
    /// <returns>False, and nothing written, when the tile has no events.</returns>
    public bool TryGetScores(int tile, Span<float> scores)
    {
        if (_events[tile] <= 0) return false;
        var own = Pooled(tile, out float events);
        for (int c = 0; c < own.Length; c++) scores[c] = own[c] / events + Kernel.Bias[c];
        return true;
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_endUs);
        hasher.Add(_step);
        hasher.Add(_hasStarted ? 1 : 0);
        hasher.Add(_pendingLost);
        for (int t = 0; t < _events.Length; t++)
        {
            if (_events[t] == 0) continue;
            hasher.Add(t);
            hasher.Add(_events[t]);
            hasher.Add((ReadOnlySpan<float>)_scores.AsSpan(t * _stride, _table.Classes));
        }
        _history.AddTo(ref hasher);
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var state = new StateWriter(writer);
        state.Write(Width);
        state.Write(Height);
        state.Write(_stepUs);
        state.Write(_tiles.Length);
        state.Write(_table.Classes);
        state.Write(_endUs);
        state.Write(_step);
        state.Write(_hasStarted);
        state.Write(_isQuiet);
        state.Write(_pendingLost);
        state.WriteSpan<uint>(_pending.AsSpan(0, _pendingCount));
        state.WriteSpan<float>(_events);
        for (int t = 0; t < _tiles.Length; t++) state.WriteSpan<float>(_scores.AsSpan(t * _stride, _table.Classes));
        _history.Freeze(writer);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var reader = new StateReader(state, "Motion estimator");
        Thaw(ref reader);
        reader.End();
    }

    internal void Thaw(ref StateReader reader)
    {
        reader.Expect(Width, "width");
        reader.Expect(Height, "height");
        reader.Expect(_stepUs, "step (us)");
        reader.Expect(_tiles.Length, "tiles");
        reader.Expect(_table.Classes, "classes");
        _endUs = reader.Read<long>();
        _step = reader.Read<long>();
        _hasStarted = reader.ReadBoolean();
        _isQuiet = reader.ReadBoolean();
        _pendingLost = reader.ReadInt32(0, int.MaxValue);
        _pendingCount = reader.ReadUpTo<uint>(_pending);
        foreach (uint e in _pending.AsSpan(0, _pendingCount)) reader.Require((e >> 16) < Height && (e >> 1 & 0x7FFF) < Width, "an event outside the sensor");
        reader.ReadFinite(_events, "event counts");
        foreach (float n in _events) reader.Require(n >= 0, "a negative count of events");
        for (int t = 0; t < _tiles.Length; t++) reader.ReadFinite(_scores.AsSpan(t * _stride, _table.Classes), "scores");
        _history.Thaw(ref reader);
        ReadTiles();
    }

    private static MotionTile Unknown(float events) => new() { Direction = float.NaN, Speed = float.NaN, Events = events };

    private long StepOf(long timeUs) => timeUs >= 0 ? timeUs / _stepUs : (timeUs - _stepUs + 1) / _stepUs;

    private void Forget()
    {
        _history.Clear();
        Array.Clear(_scores);
        Array.Clear(_events);
        Array.Fill(_tiles, Unknown(0));
        (_pendingCount, _pendingLost, _hasStarted, _isQuiet) = (0, 0, false, true);
    }

    private void Mark(ReadOnlySpan<Event> events, long last)
    {
        long stepEnd = (_step + 1) * _stepUs, ignored = 0, merged = 0;
        for (int i = 0; i < events.Length; i++)
        {
            ref readonly Event e = ref events[i];
            if (e.X >= Width || e.Y >= Height)
            {
                ignored++;
                continue;
            }
            if (e.TimeUs >= stepEnd && _step < last)
            {
                // A stamp beyond the packet's own end must not drag time along.
                AdvanceTo(Math.Min(StepOf(e.TimeUs), last));
                stepEnd = (_step + 1) * _stepUs;
            }
            _isQuiet = false;
            if (!_history.Mark(e.X, e.Y, e.Polarity & 1)) merged++;
            else if (e.Y >= _rows) continue;
            else if (_pendingCount < _pending.Length) _pending[_pendingCount++] = (uint)e.Y << 16 | (uint)e.X << 1 | (uint)e.Polarity & 1;
            else _pendingLost++;
        }
        _counters.Events += events.Length;
        _counters.Ignored += ignored;
        _counters.Merged += merged;
    }

    private void AdvanceTo(long step)
    {
        while (_step < step)
        {
            if (_isQuiet)
            {
                // Nothing is left to fade or to shift: the rest of the steps are one.
                _counters.Steps += step - _step;
                _step = step;
                return;
            }
            CloseStep();
        }
    }

    private void CloseStep()
    {
        int budget = Math.Min(_pendingCount, _options.MaxEventsPerStep);
        // Evenly over the order of arrival: event i is looked at when i · budget / count reaches a new whole number.
        long credit = 0;
        for (int i = 0; i < _pendingCount; i++)
        {
            credit += budget;
            if (credit < _pendingCount) continue;
            credit -= _pendingCount;
            Look(_pending[i]);
        }
        _counters.Spikes += budget;
        _counters.Thinned += _pendingCount - budget + _pendingLost;
        (_pendingCount, _pendingLost) = (0, 0);
        bool any = Fade();
        any |= _history.Shift();
        _isQuiet = !any;
        _counters.Steps++;
        _step++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Look(uint packed)
    {
        int y = (int)(packed >> 16), x = (int)(packed >> 1 & 0x7FFF), sign = (int)(packed & 1);
        int corner = _history.Place(x, y) - _history.Radius * (_history.Pitch + 1);
        int taps = _table.Find(_history.Words, corner, _history.Pitch, sign, _taps);
        int tile = _tileOfRow[y] + _tileOfColumn[x];
        _arrived[tile]++;
        _table.Add(_taps, taps, ref _sums[tile * _stride]);
    }

    private bool Fade()
    {
        bool any = false;
        for (int t = 0; t < _events.Length; t++)
        {
            int arrived = _arrived[t];
            if (arrived == 0 && _events[t] == 0) continue;
            Span<float> scores = _scores.AsSpan(t * _stride, _stride);
            Span<int> sums = _sums.AsSpan(t * _stride, _stride);
            float events = _events[t] * _keep + arrived;
            if (events < Gone)
            {
                _events[t] = 0;
                scores.Clear();
                continue;
            }
            any = true;
            _events[t] = events;
            if (arrived > 0)
            {
                _counters.SynapticOperations += sums[^1];
                sums[^1] = 0;
            }
            Vector<float> keep = new(_keep), quantum = new(_quantum);
            // The stride is a multiple of 16, so of every vector width.
            for (int c = 0; c < scores.Length; c += Vector<float>.Count)
            {
                var sum = Vector.ConvertToSingle(new Vector<int>(sums[c..])) * quantum;
                (new Vector<float>(scores[c..]) * keep + sum).CopyTo(scores[c..]);
            }
            if (arrived == 0) continue;
            sums.Clear();
            _arrived[t] = 0;
        }
        return any;
    }

    private void ReadTiles()
    {
        for (int t = 0; t < _tiles.Length; t++)
        {
            float events = _events[t];
            if (events < _options.MinimumEvents)
            {
                _tiles[t] = Unknown(events);
                continue;
            }
            var read = _readout.Read(Pooled(t, out float pooled), pooled);
            read.Events = events;
            _readout.Probabilities.CopyTo(_probabilities.AsSpan(t * _table.Classes));
            _tiles[t] = read.Confidence >= _options.MinimumConfidence ? read : Unknown(events);
        }
    }

    /// <summary>Gives a tile's scores with its neighbours' share.</summary>
    private ReadOnlySpan<float> Pooled(int tile, out float events)
    {
        events = _events[tile];
        float side = _options.Neighbours;
        if (side == 0) return _scores.AsSpan(tile * _stride, _table.Classes);
        int column = tile % Columns, row = tile / Columns;
        _scores.AsSpan(tile * _stride, _stride).CopyTo(_pooled);
        for (int dy = -1; dy <= 1; dy++)
        {
            for (int dx = -1; dx <= 1; dx++)
            {
                int other = tile + dy * Columns + dx;
                if (dx == 0 && dy == 0 || column + dx < 0 || column + dx >= Columns || row + dy < 0 || row + dy >= Rows || _events[other] == 0) continue;
                float weight = dx == 0 || dy == 0 ? side : side * side;
                events += weight * _events[other];
                for (int c = 0; c < _stride; c += Vector<float>.Count)
                {
                    (new Vector<float>(_pooled, c) + new Vector<float>(weight) * new Vector<float>(_scores, other * _stride + c)).CopyTo(_pooled, c);
                }
            }
        }
        return _pooled.AsSpan(0, _table.Classes);
    }
}
