using System.Security.Cryptography;
using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Decides who may change what, and hands it to the loops.</summary>
/// <remarks>
/// An emergency stop is taken from this machine always, and from elsewhere with the token: stopping is the safe side, but nobody on a network shall be able to
/// keep a robot from working. Everything else needs <see cref="LiveOptions.AllowControl"/> and, when one is set, the token. Any thread.
/// </remarks>
internal sealed class LiveControl(LiveOptions options, ILiveFeed feed, PlaybackControl? playback = null)
{
    /// <summary>The longest period that an operator may ask for, in milliseconds.</summary>
    public const double MaxPeriodCapMs = 10_000;

    /// <summary>Returns what a client may do.</summary>
    /// <param name="token">The token that it gave.</param>
    /// <param name="isLocal">Whether it is on this machine.</param>
    public ClientRights RightsOf(string? token, bool isLocal) =>
        new(!options.LoopsElsewhere && (isLocal || MayControl(token) || IsToken(token)), playback is null && MayControl(token));

    /// <summary>Carries out a command.</summary>
    /// <param name="kind">What to do.</param>
    /// <param name="value">Its value; a period cap in milliseconds.</param>
    /// <param name="loop">The loop's name; "*" = every loop.</param>
    /// <param name="rights">What the client may do.</param>
    public ControlAnswer Run(LoopInputKind kind, double value, string loop, ClientRights rights)
    {
        bool stop = kind == LoopInputKind.EmergencyStop;
        if (playback is not null) return new(false, "This is a recording; there is no robot to steer.");
        if (options.LoopsElsewhere) return new(false, "The robots run in processes of their own, which cannot be steered from here; Ctrl-C ends the run.");
        if (stop && !rights.MayStop) return new(false, "An emergency stop from another machine needs the token, Live:Token.");
        if (!stop && !options.AllowControl) return new(false, "Control is off; set Live:AllowControl to true to allow it.");
        if (!stop && !rights.MayControl) return new(false, "The token is missing or wrong; open the page with #token=… at the end of its address.");
        if (kind == LoopInputKind.PeriodCap && !(value is >= 0 and <= MaxPeriodCapMs)) return new(false, $"The period cap must be from 0 (none) to {MaxPeriodCapMs} ms.");
        string[] names = loop == "*" ? [.. feed.Loops.Select(l => l.Name)] : [loop];
        if (names.Length == 0 && feed.Latest is { } view) names = [.. view.Loops.Select(l => l.Loop)];
        var refused = new List<string>();
        foreach (string name in names)
        {
            if (!feed.Submit(name, new LoopInput { Kind = kind, Value = value })) refused.Add(name);
        }
        if (refused.Count > 0) return new(false, $"Loop '{string.Join("', '", refused)}' did not take it: there is no such loop, or its inbox is full.");
        return new(true, kind switch
        {
            LoopInputKind.EmergencyStop => "Stopped; clear the stop to go on.",
            LoopInputKind.ClearStop => "Stop cleared; the loop climbs again rung by rung.",
            _ => "Done.",
        });
    }

    /// <summary>Carries out a change of the playback.</summary>
    public ControlAnswer Steer(PlaybackChange change, ClientRights rights)
    {
        if (playback is null) return new(false, "There is nothing to play back: the robot is live.");
        if (!rights.MayStop) return new(false, "Steering the playback from another machine needs the token, Live:Token.");
        return playback.Apply(change);
    }

    private bool MayControl(string? token) => options.AllowControl && (options.Token is null || IsToken(token));

    private bool IsToken(string? token) =>
        options.Token is { } wanted && token is not null
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), SHA256.HashData(Encoding.UTF8.GetBytes(wanted)));
}
