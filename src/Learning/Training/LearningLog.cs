using System.Buffers;
using System.Globalization;
using System.Text;

namespace EdgeAutonomy.Learning;

/// <summary>Named figures over the steps of a training, for curves, tables and TensorBoard.</summary>
/// <remarks>Every row has the same names. Frozen with the training, so that a resumed one has the whole curve. Not thread-safe.</remarks>
public sealed class LearningLog : IFreezable
{
    private const int MostRows = 1 << 20, MostNames = 256;
    private readonly List<long> _steps = [];
    private readonly List<double[]> _rows = [];
    private string[] _names = [];

    /// <summary>Gets the names of the figures, such as "validation/return"; empty before the first row.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Gets the steps of the rows.</summary>
    public IReadOnlyList<long> Steps => _steps;

    /// <summary>Returns a figure.</summary>
    /// <param name="row">Which row.</param>
    /// <param name="name">Which figure, by its place in <see cref="Names"/>.</param>
    public double this[int row, int name] => _rows[row][name];

    /// <summary>Adds a row.</summary>
    /// <param name="step">The step; not below that of the row before.</param>
    /// <param name="figures">Names and values; the names of every row are those of the first.</param>
    /// <exception cref="ArgumentException">The names differ, or the step goes back.</exception>
    public void Add(long step, IReadOnlyList<(string Name, double Value)> figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        if (_rows.Count == 0) _names = [.. figures.Select(f => f.Name)];
        if (!figures.Select(f => f.Name).SequenceEqual(_names, StringComparer.Ordinal)) throw new ArgumentException($"A row has the figures {string.Join(", ", figures.Select(f => f.Name))}; the first one had {string.Join(", ", _names)}.", nameof(figures));
        if (_steps.Count > 0 && step < _steps[^1]) throw new ArgumentException($"A row is of step {step}, the one before of {_steps[^1]}; steps must not go back.", nameof(step));
        _steps.Add(step);
        _rows.Add([.. figures.Select(f => f.Value)]);
    }

    /// <summary>Returns the rows as comma-separated values with a header line; an empty field is a figure that was not a number.</summary>
    /// <param name="seed">The seed of the training, in every line, so that files of several seeds can be put together; null = no such column.</param>
    public string ToCsv(ulong? seed = null)
    {
        var text = new StringBuilder(seed is null ? "step" : "seed,step");
        foreach (string name in _names) text.Append(',').Append(name);
        text.Append('\n');
        for (int i = 0; i < _rows.Count; i++)
        {
            if (seed is not null) text.Append(seed).Append(',');
            text.Append(_steps[i]);
            foreach (double value in _rows[i]) text.Append(',').Append(double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture));
            text.Append('\n');
        }
        return text.ToString();
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(_names.Length);
        foreach (string name in _names) w.WriteSpan<byte>(Encoding.UTF8.GetBytes(name));
        w.Write(_rows.Count);
        for (int i = 0; i < _rows.Count; i++)
        {
            w.Write(_steps[i]);
            w.WriteSpan<double>(_rows[i]);
        }
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "learning log");
        var names = new string[r.ReadInt32(0, MostNames)];
        for (int i = 0; i < names.Length; i++) names[i] = Encoding.UTF8.GetString(r.ReadBytes());
        int rows = r.ReadInt32(0, MostRows);
        List<long> steps = [];
        List<double[]> values = [];
        for (int i = 0; i < rows; i++)
        {
            steps.Add(r.Read<long>());
            r.Require(i == 0 || steps[i] >= steps[i - 1], "a step");
            var row = new double[names.Length];
            r.ReadSpan<double>(row);
            values.Add(row);
        }
        r.End();
        _names = names;
        _steps.Clear();
        _rows.Clear();
        _steps.AddRange(steps);
        _rows.AddRange(values);
    }
}
