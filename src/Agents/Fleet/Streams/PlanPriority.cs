namespace EdgeAutonomy.Agents;

/// <summary>Who plans around whom: the smaller goes first.</summary>
/// <param name="Front">Robots that found no way behind the others: the last one of them first; 0 = none of them.</param>
/// <param name="Turn">Robots without progress for some windows, in the order in which that happened; 0 = none of them.</param>
/// <param name="Urgency">Higher first.</param>
/// <param name="Left">Steps to the goal; fewer first.</param>
/// <param name="Robot">The lower name first.</param>
internal readonly record struct PlanPriority(int Front, int Turn, int Urgency, int Left, string Robot) : IComparable<PlanPriority>
{
    public int CompareTo(PlanPriority other)
    {
        int c = other.Front.CompareTo(Front);
        if (c == 0) c = (Turn == 0 ? int.MaxValue : Turn).CompareTo(other.Turn == 0 ? int.MaxValue : other.Turn);
        if (c == 0) c = other.Urgency.CompareTo(Urgency);
        if (c == 0) c = Left.CompareTo(other.Left);
        return c != 0 ? c : string.CompareOrdinal(Robot, other.Robot);
    }

    /// <summary>Returns whether this goes before another.</summary>
    public bool GoesBefore(in PlanPriority other) => CompareTo(other) < 0;
}
