namespace EdgeAutonomy.Agents;

/// <summary>The robots that vote on leases and on the coordinator. Changed by configuration only, with a new number.</summary>
/// <remarks>
/// <para>Epochs of leases and terms of coordinators begin anew, higher, in every roster: token and term contain its number. So no token of an older roster passes a
/// <see cref="FencingGate"/> that has seen one of the newer.</para>
/// <para>Changing it: every voter of the old roster must have stopped or taken the new one, and refuse for the longest lease, before the new one can grant; a voter refuses that long after
/// every start, so a restart of each voter with the new configuration does it.</para>
/// </remarks>
public sealed class Roster
{
    private readonly SortedSet<string> _voters;

    /// <summary>Makes a roster.</summary>
    /// <param name="number">Its number, 1 to 4095; greater than that of every roster before.</param>
    /// <param name="voters">The voters, an odd number.</param>
    /// <exception cref="ArgumentException">The number is out of range, the voters are even in number, or a name breaks the rule.</exception>
    public Roster(uint number, params IReadOnlyCollection<string> voters)
    {
        ArgumentNullException.ThrowIfNull(voters);
        if (number is 0 or > 4095) throw new ArgumentException($"Roster number is {number}; must be in [1, 4095].", nameof(number));
        foreach (string voter in voters)
        {
            if (!FleetNames.IsName(voter, FleetNames.MaxRobot)) throw new ArgumentException($"Voter '{UntrustedText.Clean(voter, 60)}' is no name; must be 1 to 32 of [A-Za-z0-9_.:-].", nameof(voters));
        }
        _voters = new SortedSet<string>(voters, StringComparer.Ordinal);
        // With an even number one more voter must answer and none more may fail.
        if (_voters.Count != voters.Count || voters.Count % 2 == 0) throw new ArgumentException($"Roster {number} has {voters.Count} voters, {_voters.Count} different; must be an odd number of different ones.", nameof(voters));
        Number = number;
    }

    /// <summary>Gets its number.</summary>
    public uint Number { get; }

    /// <summary>Gets the voters in ordinal order.</summary>
    public IReadOnlyCollection<string> Voters => _voters;

    /// <summary>Gets how many votes are a majority.</summary>
    public int Majority => _voters.Count / 2 + 1;

    /// <summary>Returns whether a robot votes.</summary>
    public bool Has(string robot) => _voters.Contains(robot);

    /// <summary>Gets what every lease epoch of this roster is above.</summary>
    public ulong EpochFloor => (ulong)Number << 40;

    /// <summary>Gets what every term of this roster is above.</summary>
    public uint TermFloor => Number << 20;

    /// <summary>Admits a robot to this roster as a voter: at installation, or after it lost its disk, then to a roster with a new number. To the same roster: <see cref="Readmit"/>.</summary>
    /// <param name="store">The robot's promises.</param>
    /// <returns>False when it could not be written.</returns>
    /// <remarks>An act of an operator, never of a program that starts: a robot that lost its disk would else vote twice.</remarks>
    public bool Admit(IPromiseStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.TryPut(PromiseKeys.Admitted, new Promise(Number, ""));
    }

    /// <summary>Admits a robot that has lost its disk to the same roster again: it votes once a majority of the other voters have told it what they have promised (docs/fleet.md).</summary>
    /// <param name="store">The robot's promises.</param>
    /// <returns>False when it could not be written.</returns>
    /// <remarks>An act of an operator too: nobody else may have the robot's name. Not for a fleet that begins, where nobody could answer, nor for a roster of one.</remarks>
    public bool Readmit(IPromiseStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.TryPut(PromiseKeys.Admitted, new Promise(Number, Again));
    }

    private const string Again = "again";

    // Once admitted and never without its disk, a voter stays one when the list changes around it.
    internal static bool IsAdmitted(IPromiseStore store) => store.TryGet(PromiseKeys.Admitted, out var promise) && promise.Number != 0 && promise.Text != Again;

    internal static bool IsReadmitted(IPromiseStore store) => store.TryGet(PromiseKeys.Admitted, out var promise) && promise.Number != 0 && promise.Text == Again;
}
