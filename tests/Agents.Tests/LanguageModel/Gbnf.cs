using System.Globalization;
using System.Text;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Reads GBNF literals by their rules, written independently of the writer.</summary>
internal static class Gbnf
{
    public static string FirstAlternative(string grammar)
    {
        const string Rule = "action ::= \"";
        int at = grammar.IndexOf(Rule, StringComparison.Ordinal) + Rule.Length;
        var text = new StringBuilder();
        while (grammar[at] != '"')
        {
            if (grammar[at] != '\\')
            {
                text.Append(grammar[at++]);
                continue;
            }
            char kind = grammar[at + 1];
            int digits = kind switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
            text.Append(digits == 0 ? kind.ToString() : char.ConvertFromUtf32(int.Parse(grammar.AsSpan(at + 2, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
            at += 2 + digits;
        }
        return text.ToString();
    }
}
