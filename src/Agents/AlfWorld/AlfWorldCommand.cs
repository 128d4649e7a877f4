namespace EdgeAutonomy.Agents;

/// <summary>A command of ALFWorld, taken apart.</summary>
/// <param name="Call">The command as a call.</param>
/// <param name="Verb">Its verb.</param>
/// <param name="First">The first thing: a receptacle for go to, open, close and perhaps examine, an object otherwise; empty where there is none.</param>
/// <param name="Second">The second thing: a receptacle, or the knife of slice; empty where there is none.</param>
public sealed record AlfWorldCommand(ActionCall Call, AlfWorldVerb Verb, string First, string Second)
{
    private static readonly string[] Words = ["go to", "open", "close", "take", "move", "use", "heat", "clean", "cool", "slice", "examine", "inventory", "look", "help"];
    private static readonly string[] Links = ["", "", "", " from ", " to ", "", " with ", " with ", " with ", " with ", "", "", "", ""];

    /// <summary>Gets the text.</summary>
    public string Text => Call.Text;

    /// <summary>Makes a command.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="first">The first thing's name, or empty.</param>
    /// <param name="second">The second thing's name, or empty.</param>
    public static AlfWorldCommand Make(AlfWorldVerb verb, string first = "", string second = "")
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        string word = Words[(int)verb];
        return first.Length == 0 ? new(new ActionCall(word, [], word), verb, "", "")
            : second.Length == 0 ? new(new ActionCall(word, [first], $"{word} {first}"), verb, first, "")
            : new(new ActionCall(word, [first, second], $"{word} {first}{Links[(int)verb]}{second}"), verb, first, second);
    }

    /// <summary>Takes a text apart; null where it has not the form of a command. The things need not exist.</summary>
    /// <param name="text">Any text.</param>
    public static AlfWorldCommand? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.Trim();
        for (int v = 0; v < Words.Length; v++)
        {
            if (!text.StartsWith(Words[v], StringComparison.Ordinal)) continue;
            if (v >= (int)AlfWorldVerb.Inventory)
            {
                if (text.Length == Words[v].Length) return Make((AlfWorldVerb)v);
                continue;
            }
            if (text.Length < Words[v].Length + 2 || text[Words[v].Length] != ' ') continue;
            string rest = text[(Words[v].Length + 1)..];
            if (Links[v].Length == 0) return Make((AlfWorldVerb)v, rest);
            int link = rest.IndexOf(Links[v], StringComparison.Ordinal);
            if (link > 0 && link + Links[v].Length < rest.Length) return Make((AlfWorldVerb)v, rest[..link], rest[(link + Links[v].Length)..]);
        }
        return null;
    }
}
