using System.Buffers;
using System.Collections;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>The latest episodes, for attributors to learn from; the oldest one makes room. Candidates are not kept.</summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class TrajectoryBuffer : IReadOnlyList<Trajectory>, IFreezable
{
    private readonly MissionShape _shape;
    private readonly int _capacity, _encoding;
    private readonly List<Trajectory> _items = [];
    private int _oldest;

    /// <summary>Makes an empty buffer.</summary>
    /// <param name="shape">The missions' shape.</param>
    /// <param name="encoding">Width of the encodings that are kept.</param>
    /// <param name="capacity">The most episodes, at least 1; default 1500 (notes C.2).</param>
    public TrajectoryBuffer(MissionShape shape, int encoding = 0, int capacity = 1500)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        (_shape, _encoding, _capacity) = (shape, encoding, capacity);
    }

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <inheritdoc/>
    public Trajectory this[int index] => _items[index];

    /// <summary>Takes an episode.</summary>
    /// <param name="trajectory">The episode; its candidates are left behind.</param>
    public void Add(Trajectory trajectory)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        if (_items.Count < _capacity)
        {
            _items.Add(trajectory.WithoutCandidates());
            return;
        }
        _items[_oldest] = trajectory.WithoutCandidates();
        _oldest = (_oldest + 1) % _capacity;
    }

    /// <inheritdoc/>
    public IEnumerator<Trajectory> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(_items.Count);
        w.Write(_oldest);
        foreach (var t in _items) t.Freeze(w);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "buffer of episodes");
        int count = r.ReadInt32(0, _capacity), oldest = r.ReadInt32(0, _capacity - 1);
        var items = new List<Trajectory>();
        for (int i = 0; i < count; i++) items.Add(Trajectory.Thaw(ref r, _shape, _encoding));
        r.End();
        _items.Clear();
        _items.AddRange(items);
        _oldest = oldest;
    }
}
