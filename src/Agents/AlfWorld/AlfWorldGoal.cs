using System.Text.RegularExpressions;

namespace EdgeAutonomy.Agents;

/// <summary>The six kinds of ALFWorld's tasks. The order is part of the feature vocabulary.</summary>
public enum AlfWorldGoalKind
{
    /// <summary>Put an object into a receptacle.</summary>
    Simple,

    /// <summary>Put a clean one there.</summary>
    Clean,

    /// <summary>Put a hot one there.</summary>
    Heat,

    /// <summary>Put a cool one there.</summary>
    Cool,

    /// <summary>Put two into one receptacle.</summary>
    Two,

    /// <summary>Hold an object where a lamp is on.</summary>
    Look,
}

/// <summary>A task as its sentence says it. The PDDL goal is never read: an agent has only the sentence.</summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="ObjectType">With what kind of object, such as <c>apple</c>.</param>
/// <param name="TargetType">Into what kind of receptacle, or under what kind of lamp.</param>
public sealed partial record AlfWorldGoal(AlfWorldGoalKind Kind, string ObjectType, string TargetType)
{
    // Two templates for each kind; together they match all 3,827 sentences, each exactly once.
    private static readonly (AlfWorldGoalKind Kind, Regex Pattern)[] Patterns =
    [
        (AlfWorldGoalKind.Clean, CleanPut()), (AlfWorldGoalKind.Clean, CleanSome()),
        (AlfWorldGoalKind.Heat, HotPut()), (AlfWorldGoalKind.Heat, HeatSome()),
        (AlfWorldGoalKind.Cool, CoolPut()), (AlfWorldGoalKind.Cool, CoolSome()),
        (AlfWorldGoalKind.Two, TwoPut()), (AlfWorldGoalKind.Two, TwoFind()),
        (AlfWorldGoalKind.Look, LookUnder()), (AlfWorldGoalKind.Look, ExamineWith()),
        (AlfWorldGoalKind.Simple, SimplePut()), (AlfWorldGoalKind.Simple, SimpleSome()),
    ];

    /// <summary>Gets whether the object must be made clean, hot or cool.</summary>
    public bool NeedsTool => Kind is AlfWorldGoalKind.Clean or AlfWorldGoalKind.Heat or AlfWorldGoalKind.Cool;

    /// <summary>Gets the kind of receptacle that cleans, heats or cools; empty where none is needed.</summary>
    public string ToolType => Kind switch
    {
        AlfWorldGoalKind.Clean => "sinkbasin",
        AlfWorldGoalKind.Heat => "microwave",
        AlfWorldGoalKind.Cool => "fridge",
        _ => "",
    };

    /// <summary>Gets the verb that makes the object clean, hot or cool.</summary>
    public AlfWorldVerb ToolVerb => Kind switch
    {
        AlfWorldGoalKind.Clean => AlfWorldVerb.Clean,
        AlfWorldGoalKind.Heat => AlfWorldVerb.Heat,
        _ => AlfWorldVerb.Cool,
    };

    /// <summary>Reads a sentence.</summary>
    /// <param name="sentence">The task, such as <c>put a hot apple in fridge.</c></param>
    /// <exception cref="FormatException">No template fits.</exception>
    public static AlfWorldGoal Parse(string sentence)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        foreach (var (kind, pattern) in Patterns)
        {
            if (pattern.Match(sentence) is { Success: true } match) return new AlfWorldGoal(kind, match.Groups[1].Value, match.Groups[2].Value);
        }
        throw new FormatException($"Task '{sentence}' fits none of the {Patterns.Length} sentences of ALFWorld; expected one such as 'put a hot apple in fridge.'.");
    }

    /// <summary>Returns how many templates a sentence fits; one, for every sentence of ALFWorld.</summary>
    internal static int CountMatches(string sentence) => Patterns.Count(p => p.Pattern.IsMatch(sentence));

    [GeneratedRegex(@"\Aput a clean ([a-z]+) in ([a-z]+)\.\z")]
    private static partial Regex CleanPut();

    [GeneratedRegex(@"\Aclean some ([a-z]+) and put it in ([a-z]+)\.\z")]
    private static partial Regex CleanSome();

    [GeneratedRegex(@"\Aput a hot ([a-z]+) in ([a-z]+)\.\z")]
    private static partial Regex HotPut();

    [GeneratedRegex(@"\Aheat some ([a-z]+) and put it in ([a-z]+)\.\z")]
    private static partial Regex HeatSome();

    [GeneratedRegex(@"\Aput a cool ([a-z]+) in ([a-z]+)\.\z")]
    private static partial Regex CoolPut();

    [GeneratedRegex(@"\Acool some ([a-z]+) and put it in ([a-z]+)\.\z")]
    private static partial Regex CoolSome();

    [GeneratedRegex(@"\Aput two ([a-z]+) in ([a-z]+)\.\z")]
    private static partial Regex TwoPut();

    [GeneratedRegex(@"\Afind two ([a-z]+) and put them in ([a-z]+)\.\z")]
    private static partial Regex TwoFind();

    [GeneratedRegex(@"\Alook at ([a-z]+) under the ([a-z]+)\.\z")]
    private static partial Regex LookUnder();

    [GeneratedRegex(@"\Aexamine the ([a-z]+) with the ([a-z]+)\.\z")]
    private static partial Regex ExamineWith();

    [GeneratedRegex(@"\Aput a ([a-z]+) in ([a-z]+)\.\z")]
    private static partial Regex SimplePut();

    [GeneratedRegex(@"\Aput some ([a-z]+) on ([a-z]+)\.\z")]
    private static partial Regex SimpleSome();
}
