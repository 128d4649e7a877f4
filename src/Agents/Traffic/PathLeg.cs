namespace EdgeAutonomy.Agents;

/// <summary>One stay or one straight drive of a plan.</summary>
/// <param name="From">Node left, or stood at.</param>
/// <param name="To">Node driven to and claimed meanwhile, or stood at.</param>
/// <param name="Begin">From when.</param>
/// <param name="End">Until when.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="Finish">Where it ends: the place of the claimed node.</param>
internal readonly record struct PathLeg(int From, int To, Duration Begin, Duration End, Vector2D Start, Vector2D Finish)
{
    // Plans lie on grids: robots at exactly the least distance do not conflict.
    private const double Slack = 1e-9;

    /// <summary>Gets whether the robot drives.</summary>
    public bool Moves => Start != Finish;

    /// <summary>Returns where the robot is.</summary>
    public Vector2D At(Duration time) =>
        !Moves || time >= End ? Finish : time <= Begin ? Start : Start + (Finish - Start) * ((double)(time - Begin).Nanoseconds / (End - Begin).Nanoseconds);

    /// <summary>Returns whether two robots come nearer than <paramref name="distance"/>: as they drive, or one as it drives and the other as it claims, or both as they claim.</summary>
    public static bool Conflict(in PathLeg a, in PathLeg b, double distance, ConflictKinds wanted, Duration from, out ConflictKinds kind, out Duration time)
    {
        time = Duration.Max(Duration.Max(a.Begin, b.Begin), from);
        var end = Duration.Min(a.End, b.End);
        kind = ConflictKinds.None;
        if (end <= time) return false;
        var found = !a.Moves || !b.Moves ? ConflictKinds.Vertex : a.From == b.To && a.To == b.From ? ConflictKinds.Swap : ConflictKinds.Following;
        if ((found & wanted) == 0) return false;
        double limit = distance - Slack;
        if (limit <= 0) return false;
        Vector2D a0 = a.At(time), a1 = a.At(end), b0 = b.At(time), b1 = b.At(end);
        // Relative motion is straight, so the nearest approach is the segment's point nearest to the origin.
        bool near = Closer(a0 - b0, a1 - b1, limit) || Closer(a.Finish - b0, a.Finish - b1, limit) || Closer(a0 - b.Finish, a1 - b.Finish, limit) || (a.Finish - b.Finish).LengthSquared < limit * limit;
        if (near) kind = found;
        return near;
    }

    private static bool Closer(Vector2D from, Vector2D to, double limit) => Vector2D.Nearest(from, to, Vector2D.Zero).LengthSquared < limit * limit;
}
