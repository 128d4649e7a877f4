using System.Numerics;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>Scores commands in the light of a history: the policy and critic that missions are learned with (notes G.2).</summary>
/// <remarks>
/// <code>
/// e = tanh(state·W + b) ;  m = GRU(m, event) ;  h = [e, m]
/// score(x) = relu(relu(h·A + x·B + b)·C + c)·d ;  π = softmax over the candidates ;  V = tanh([h, S]·P + p)·q + r
/// </code>
/// GRU: r, z = σ(event·W + m·U + b), n = tanh(event·W + b + r ⊙ (m·U + b')), m ← (1 − z) ⊙ n + z ⊙ m. Scores depend on what a candidate is like and not on its place, so the order of the list does not matter. The backward pass goes
/// through time over whole episodes and is written by hand. Not thread-safe; buffers grow and stay.
/// </remarks>
/// <typeparam name="T">float, or double to check gradients.</typeparam>
public sealed class CandidateNetwork<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly LinearLayer<T> _encode, _listen, _recall, _context, _look, _second, _score, _critic, _value;
    private readonly TanhLayer<T> _tanh;
    private readonly ReluLayer<T> _relu;
    private readonly int _e, _m, _f;
    private T[] _encoding = [], _gates = [], _recalled = [], _memory = [], _history = [], _contexts = [], _before1 = [], _after1 = [], _before2 = [], _after2 = [], _scores = [];
    private T[] _valueInput = [], _before3 = [], _after3 = [], _values = [], _row = [];
    private T[] _d1 = [], _d2 = [], _dHistory = [], _dContext = [], _dGates = [], _dRecalled = [], _previous = [], _carry = [], _back = [], _dValue = [], _dValueInput = [], _dEncoding = [];

    /// <summary>Makes a network of zeros; call <see cref="Initialize"/>.</summary>
    /// <param name="shape">The missions' shape.</param>
    /// <param name="options">The widths.</param>
    /// <exception cref="ArgumentOutOfRangeException">A width is out of its range.</exception>
    public CandidateNetwork(MissionShape shape, CandidateNetworkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Options = options ?? new CandidateNetworkOptions();
        Options.Check();
        (Shape, _e, _m, _f) = (shape, Options.Encoder, Options.Memory, Options.First);
        _encode = new LinearLayer<T>("encode", new MapSize(shape.State), _e);
        _listen = new LinearLayer<T>("listen", new MapSize(shape.Event), 3 * _m);
        _recall = new LinearLayer<T>("recall", new MapSize(_m), 3 * _m) { Sparse = false };
        _context = new LinearLayer<T>("context", new MapSize(_e + _m), _f, bias: false) { Sparse = false };
        _look = new LinearLayer<T>("look", new MapSize(shape.Candidate), _f);
        _second = new LinearLayer<T>("second", new MapSize(_f), Options.Second) { Sparse = false };
        _score = new LinearLayer<T>("score", new MapSize(Options.Second), 1, bias: false) { Sparse = false };
        _critic = new LinearLayer<T>("critic", new MapSize(_e + _m + 1), Options.Value) { Sparse = false };
        _value = new LinearLayer<T>("value", new MapSize(Options.Value), 1) { Sparse = false };
        (_tanh, _relu) = (new TanhLayer<T>("tanh", new MapSize(_e)), new ReluLayer<T>("relu", new MapSize(_f)));
        Parameters = [.. Layers.SelectMany(l => l.Parameters)];
    }

    /// <summary>Gets the missions' shape.</summary>
    public MissionShape Shape { get; }

    /// <summary>Gets the widths.</summary>
    public CandidateNetworkOptions Options { get; }

    /// <summary>Gets all parameters.</summary>
    public IReadOnlyList<Parameter<T>> Parameters { get; }

    /// <summary>Gets how many numbers the network has.</summary>
    public int Size => Parameters.Sum(p => p.Value.Length);

    /// <summary>Gets the numbers per row of <see cref="Histories"/>.</summary>
    public int HistoryWidth => _e + _m;

    internal IReadOnlyList<LinearLayer<T>> Layers => [_encode, _listen, _recall, _context, _look, _second, _score, _critic, _value];

    /// <summary>Gets the scores of the last pass, one per item.</summary>
    internal ReadOnlySpan<T> Scores => _scores.AsSpan(0, Items);

    /// <summary>Gets the critic's values of the last pass, one per row.</summary>
    internal ReadOnlySpan<T> Values => _values.AsSpan(0, Rows);

    /// <summary>Gets the memories of the last pass, [row, memory].</summary>
    internal ReadOnlySpan<T> Memories => _memory.AsSpan(0, Rows * _m);

    /// <summary>Gets encoding and memory of the last pass, [row, encoder + memory].</summary>
    internal ReadOnlySpan<T> Histories => _history.AsSpan(0, Rows * (_e + _m));

    private int Rows { get; set; }

    private int Items { get; set; }

    /// <summary>Draws the initial values: uniform within 1/√inputs, the last layers a hundredth of that, so that a fresh policy is nearly uniform.</summary>
    /// <param name="seed">The seed.</param>
    public void Initialize(ulong seed)
    {
        var random = new CounterRandom(seed).For(0x43414E44);
        foreach (var layer in Layers) layer.Initialize(random.For(RandomStream.Fnv1a(layer.Name)));
        foreach (var head in (LinearLayer<T>[])[_score, _value])
        {
            for (int i = 0; i < head.Weights.Value.Length; i++) head.Weights.Value[i] *= T.CreateTruncating(0.01);
        }
        Array.Clear(_value.Bias!.Value);
    }

    /// <summary>Copies all values of another network of the same shape.</summary>
    /// <param name="other">The other network.</param>
    /// <exception cref="ArgumentException">It has another shape.</exception>
    public void CopyFrom(CandidateNetwork<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Shape != Shape || (other.Options with { CriticSeesMemory = Options.CriticSeesMemory }) != Options) throw new ArgumentException("Candidate network: the other one has another shape or other widths; both must be the same.", nameof(other));
        for (int i = 0; i < Parameters.Count; i++) other.Parameters[i].Value.CopyTo(Parameters[i].Value, 0);
    }

    /// <summary>Sets all gradients to zero.</summary>
    internal void ClearGradients()
    {
        for (int i = 0; i < Parameters.Count; i++) Array.Clear(Parameters[i].Gradient);
    }

    /// <summary>Computes scores, values and memories.</summary>
    /// <param name="batch">The steps.</param>
    /// <param name="memory">The memories before the first time, [Active[0], memory]; empty = zeros.</param>
    /// <param name="values">Whether the critic is asked.</param>
    internal void Forward(CandidateBatch<T> batch, ReadOnlySpan<T> memory = default, bool values = true)
    {
        (Rows, Items) = (batch.Rows, batch.Items);
        if (Rows == 0) return;
        var rows = new LayerPass(1, Rows);
        var encoding = Room(ref _encoding, Rows * _e);
        _encode.Forward(rows, batch.States, encoding);
        Smooth.Tanh(encoding);
        Remember(batch, memory);
        var history = Room(ref _history, Rows * (_e + _m));
        for (int i = 0; i < Rows; i++)
        {
            encoding.Slice(i * _e, _e).CopyTo(history[(i * (_e + _m))..]);
            _memory.AsSpan(i * _m, _m).CopyTo(history[(i * (_e + _m) + _e)..]);
        }
        Score(batch, history);
        if (values) Judge(batch, history);
    }

    /// <summary>Adds the gradients of the last pass to those of the parameters.</summary>
    /// <param name="batch">The steps of the last pass, which began without memory.</param>
    /// <param name="byScore">∂loss/∂score, one per item.</param>
    /// <param name="byValue">∂loss/∂value, one per row; empty = the critic does not learn.</param>
    internal void Backward(CandidateBatch<T> batch, ReadOnlySpan<T> byScore, ReadOnlySpan<T> byValue)
    {
        if (Rows == 0) return;
        int wide = _e + _m;
        var rows = new LayerPass(1, Rows) { Training = true };
        var history = _history.AsSpan(0, Rows * wide);
        var dHistory = Room(ref _dHistory, Rows * wide);
        dHistory.Clear();
        if (Items > 0) ScoreBack(batch, byScore, history, dHistory);
        if (!byValue.IsEmpty) JudgeBack(byValue, dHistory);
        var dEncoding = Room(ref _dEncoding, Rows * _e);
        for (int i = 0; i < Rows; i++) dHistory.Slice(i * wide, _e).CopyTo(dEncoding[(i * _e)..]);
        _tanh.Backward(rows, default, _encoding.AsSpan(0, Rows * _e), dEncoding, dEncoding);
        _encode.Backward(rows, batch.States, default, dEncoding, default);
        RememberBack(batch, dHistory);
    }

    private void Remember(CandidateBatch<T> batch, ReadOnlySpan<T> memory)
    {
        int m = _m, base0 = 0;
        var gates = Room(ref _gates, Rows * 3 * m);
        var recalled = Room(ref _recalled, Rows * m);
        var now = Room(ref _memory, Rows * m);
        _listen.Forward(new LayerPass(1, Rows), batch.Events, gates);
        for (int t = 0; t < batch.Times; t++)
        {
            int n = batch.Active[t], before = base0 - (t == 0 ? 0 : batch.Active[t - 1]);
            var row = Room(ref _row, n * 3 * m);
            var last = Room(ref _carry, n * m);
            if (t > 0) now.Slice(before * m, n * m).CopyTo(last);
            else if (memory.IsEmpty) last.Clear();
            else memory[..(n * m)].CopyTo(last);
            _recall.Forward(new LayerPass(1, n), last, row);
            for (int i = 0; i < n; i++)
            {
                var g = gates.Slice((base0 + i) * 3 * m, 3 * m);
                var u = row.Slice(i * 3 * m, 3 * m);
                Lanes.Add<T>(u[..(2 * m)], g[..(2 * m)]);
                Smooth.Sigmoid(g[..(2 * m)]);
                u[(2 * m)..].CopyTo(recalled.Slice((base0 + i) * m, m));
                for (int k = 0; k < m; k++) g[2 * m + k] += g[k] * u[2 * m + k];
                Smooth.Tanh(g[(2 * m)..]);
                for (int k = 0; k < m; k++) now[(base0 + i) * m + k] = (T.One - g[m + k]) * g[2 * m + k] + g[m + k] * last[i * m + k];
            }
            base0 += n;
        }
    }

    private void Score(CandidateBatch<T> batch, ReadOnlySpan<T> history)
    {
        if (Items == 0) return;
        var items = new LayerPass(1, Items);
        var contexts = Room(ref _contexts, Rows * _f);
        var before1 = Room(ref _before1, Items * _f);
        var after1 = Room(ref _after1, Items * _f);
        var before2 = Room(ref _before2, Items * Options.Second);
        var after2 = Room(ref _after2, Items * Options.Second);
        _context.Forward(new LayerPass(1, Rows), history, contexts);
        _look.Forward(items, batch.Candidates, before1);
        for (int r = 0; r < Rows; r++)
        {
            for (int i = batch.Starts[r]; i < batch.Starts[r + 1]; i++) Lanes.Add<T>(contexts.Slice(r * _f, _f), before1.Slice(i * _f, _f));
        }
        _relu.Forward(items, before1, after1);
        _second.Forward(items, after1, before2);
        _relu.Forward(items, before2, after2);
        _score.Forward(items, after2, Room(ref _scores, Items));
    }

    private void ScoreBack(CandidateBatch<T> batch, ReadOnlySpan<T> byScore, ReadOnlySpan<T> history, Span<T> dHistory)
    {
        var items = new LayerPass(1, Items) { Training = true };
        var d2 = Room(ref _d2, Items * Options.Second);
        var d1 = Room(ref _d1, Items * _f);
        var dContext = Room(ref _dContext, Rows * _f);
        // The layers take the gradient as scratch; a linear one leaves it as it is.
        byScore.CopyTo(_scores);
        _score.Backward(items, _after2.AsSpan(0, d2.Length), default, _scores.AsSpan(0, Items), d2);
        _relu.Backward(items, _before2.AsSpan(0, d2.Length), default, d2, d2);
        _second.Backward(items, _after1.AsSpan(0, d1.Length), default, d2, d1);
        _relu.Backward(items, _before1.AsSpan(0, d1.Length), default, d1, d1);
        _look.Backward(items, batch.Candidates, default, d1, default);
        dContext.Clear();
        for (int r = 0; r < Rows; r++)
        {
            for (int i = batch.Starts[r]; i < batch.Starts[r + 1]; i++) Lanes.Add<T>(d1.Slice(i * _f, _f), dContext.Slice(r * _f, _f));
        }
        _context.Backward(new LayerPass(1, Rows) { Training = true }, history, default, dContext, dHistory);
    }

    private void Judge(CandidateBatch<T> batch, ReadOnlySpan<T> history)
    {
        int wide = _e + _m + 1;
        var rows = new LayerPass(1, Rows);
        var input = Room(ref _valueInput, Rows * wide);
        for (int i = 0; i < Rows; i++)
        {
            var row = input.Slice(i * wide, wide);
            history.Slice(i * (wide - 1), wide - 1).CopyTo(row);
            if (!Options.CriticSeesMemory) row.Slice(_e, _m).Clear();
            row[^1] = batch.Potentials[i];
        }
        var hidden = Room(ref _after3, Rows * Options.Value);
        _critic.Forward(rows, input, hidden);
        Smooth.Tanh(hidden);
        _value.Forward(rows, hidden, Room(ref _values, Rows));
    }

    private void JudgeBack(ReadOnlySpan<T> byValue, Span<T> dHistory)
    {
        int wide = _e + _m + 1;
        var rows = new LayerPass(1, Rows) { Training = true };
        var dInput = Room(ref _dValueInput, Rows * wide);
        var dHidden = Room(ref _dValue, Rows * Options.Value);
        var hidden = _after3.AsSpan(0, Rows * Options.Value);
        var given = Room(ref _before3, Rows);
        byValue.CopyTo(given);
        _value.Backward(rows, hidden, default, given, dHidden);
        _tanh.Backward(rows, default, hidden, dHidden, dHidden);
        _critic.Backward(rows, _valueInput.AsSpan(0, Rows * wide), default, dHidden, dInput);
        int seen = Options.CriticSeesMemory ? wide - 1 : _e;
        for (int i = 0; i < Rows; i++) Lanes.Add<T>(dInput.Slice(i * wide, seen), dHistory.Slice(i * (wide - 1), wide - 1));
    }

    private void RememberBack(CandidateBatch<T> batch, ReadOnlySpan<T> dHistory)
    {
        int m = _m, base0 = Rows, wide = _e + _m;
        var dGates = Room(ref _dGates, Rows * 3 * m);
        var dRecalled = Room(ref _dRecalled, Rows * 3 * m);
        var previous = Room(ref _previous, Rows * m);
        var carry = Room(ref _carry, batch.Active[0] * m);
        var back = Room(ref _back, batch.Active[0] * m);
        carry.Clear();
        for (int t = batch.Times - 1; t >= 0; t--)
        {
            int n = batch.Active[t];
            base0 -= n;
            int before = base0 - (t == 0 ? 0 : batch.Active[t - 1]);
            for (int i = 0; i < n; i++)
            {
                int row = base0 + i;
                ReadOnlySpan<T> g = _gates.AsSpan(row * 3 * m, 3 * m), u = _recalled.AsSpan(row * m, m), dM = dHistory.Slice(row * wide + _e, m);
                var last = previous.Slice(row * m, m);
                if (t == 0) last.Clear();
                else _memory.AsSpan((before + i) * m, m).CopyTo(last);
                Span<T> dG = dGates.Slice(row * 3 * m, 3 * m), dU = dRecalled.Slice(row * 3 * m, 3 * m), c = carry.Slice(i * m, m);
                for (int k = 0; k < m; k++)
                {
                    T reset = g[k], keep = g[m + k], fresh = g[2 * m + k], total = dM[k] + c[k];
                    T dFresh = total * (T.One - keep) * (T.One - fresh * fresh);
                    dG[2 * m + k] = dFresh;
                    dU[2 * m + k] = dFresh * reset;
                    dG[m + k] = dU[m + k] = total * (last[k] - fresh) * keep * (T.One - keep);
                    dG[k] = dU[k] = dFresh * u[k] * reset * (T.One - reset);
                    c[k] = total * keep;
                }
            }
            if (t == 0) break;
            var through = back[..(n * m)];
            _recall.Backward(new LayerPass(1, n) { Training = true, InputGradientOnly = true }, previous.Slice(base0 * m, n * m), default, dRecalled.Slice(base0 * 3 * m, n * 3 * m), through);
            Lanes.Add<T>(through, carry);
        }
        var rows = new LayerPass(1, Rows) { Training = true };
        _recall.Backward(rows, previous, default, dRecalled, default);
        _listen.Backward(rows, batch.Events, default, dGates, default);
    }

    private static Span<T> Room(ref T[] buffer, int count)
    {
        if (buffer.Length < count) buffer = GC.AllocateUninitializedArray<T>(Math.Max(count, buffer.Length * 2));
        return buffer.AsSpan(0, count);
    }
}
