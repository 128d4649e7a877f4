using System.Security.Cryptography;
using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Decides who may change what, and hands it to the loops.</summary>
/// <remarks>
/// An emergency stop is taken from this machine always, and from elsewhere with the token: stopping is the safe side, but nobody on a network shall be able to
/// keep a robot from working. Everything else needs <see cref="LiveOptions.AllowControl"/> and, when one is set, the token. Any thread.
/// </remarks>
internal sealed class LiveControl(LiveOptions options, ILiveFeed feed)
{
    /// <summary>The longest period that an operator may ask for, in milliseconds.</summary>
    public const double MaxPeriodCapMs = 10_000;

    private readonly Lock _lock = new(); // a loop's inbox has one writer

    /// <summary>Returns whether a client may stop the robot without a token.</summary>
    public static bool MayStop(bool isLocal) => isLocal;

    /// <summary>Returns whether a client may change state.</summary>
    public bool MayControl(string? token) => options.AllowControl && (options.Token is null || IsToken(token));

    /// <summary>Carries out a command.</summary>
    /// <param name="kind">What to do.</param>
    /// <param name="value">Its value; a period cap in milliseconds.</param>
    /// <param name="loop">The loop's name; "*" = every loop.</param>
    /// <param name="token">The token that came with it.</param>
    /// <param name="isLocal">Whether the client is on this machine.</param>
    public ControlAnswer Run(LoopInputKind kind, double value, string loop, string? token, bool isLocal)
    {
        bool stop = kind == LoopInputKind.EmergencyStop;
        if (stop && !MayStop(isLocal) && !IsToken(token)) return new(false, "An emergency stop from another machine needs the token, Live:Token.");
        if (!stop && !options.AllowControl) return new(false, "Control is off; set Live:AllowControl to true to allow it.");
        if (!stop && !MayControl(token)) return new(false, "The token is missing or wrong; open the page with #token=… at the end of its address.");
        if (kind == LoopInputKind.PeriodCap && !(value is >= 0 and <= MaxPeriodCapMs)) return new(false, $"The period cap must be from 0 (none) to {MaxPeriodCapMs} ms.");
        string[] names = loop == "*" ? [.. feed.Loops.Select(l => l.Name)] : [loop];
        if (names.Length == 0 && feed.Latest is { } view) names = [.. view.Loops.Select(l => l.Loop)];
        var refused = new List<string>();
        lock (_lock)
        {
            foreach (string name in names)
            {
                if (!feed.Submit(name, new LoopInput { Kind = kind, Value = value })) refused.Add(name);
            }
        }
        if (refused.Count > 0) return new(false, $"Loop '{string.Join("', '", refused)}' did not take it: there is no such loop, or its inbox is full.");
        return new(true, kind switch
        {
            LoopInputKind.EmergencyStop => "Stopped; clear the stop to go on.",
            LoopInputKind.ClearStop => "Stop cleared; the loop climbs again rung by rung.",
            _ => "Done.",
        });
    }

    private bool IsToken(string? token) =>
        options.Token is { } wanted && token is not null
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), SHA256.HashData(Encoding.UTF8.GetBytes(wanted)));
}
