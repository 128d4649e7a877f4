using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Keeps when and by whom tasks were done, and sets it against a plan made by one who knew everything beforehand.</summary>
/// <param name="tasks">All tasks, known from the start.</param>
/// <param name="starts">Where the robots started.</param>
internal sealed class FleetBook(IReadOnlyList<FleetTask> tasks, IReadOnlyList<MapPoint> starts)
{
    private readonly SortedDictionary<string, FleetTaskRow> _rows = new(StringComparer.Ordinal);

    /// <summary>Gets how many tasks there are.</summary>
    public int Tasks => tasks.Count;

    /// <summary>Gets how many are done.</summary>
    public int Done => _rows.Count;

    /// <summary>Gets when the last one was done, in seconds.</summary>
    public double Makespan { get; private set; }

    /// <summary>Notes a task that is done; again changes nothing.</summary>
    public void Note(FleetTask task, Stamp now)
    {
        if (!_rows.TryAdd(task.Id, new FleetTaskRow(task.Id, task.Kind, task.Class, task.By ?? "", Math.Round(now.Seconds, 3)))) return;
        Makespan = now.Seconds;
    }

    /// <summary>Returns who has done a task; null = nobody yet.</summary>
    public string? By(string task) => _rows.TryGetValue(task, out var row) ? row.By : null;

    /// <summary>Returns what it came to.</summary>
    /// <param name="doneTwice">Exclusive tasks that were done more than once.</param>
    /// <param name="givenUp">How often a robot gave a task up.</param>
    /// <param name="link">What the links did.</param>
    public FleetSummary Summary(int doneTwice, long givenUp, LinkRow link)
    {
        var plan = FleetOptimum.Of(tasks, starts);
        return new FleetSummary(tasks.Count, Done, doneTwice, givenUp, Math.Round(Makespan, 3), plan.Seconds, plan.LowerBound, Done == tasks.Count && plan.Seconds > 0 ? Math.Round(Makespan / plan.Seconds, 3) : null, link, [.. _rows.Values]);
    }
}
