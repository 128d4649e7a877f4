using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace EdgeAutonomy.Host;

/// <summary>Makes options whose errors name the option, the value and the rule.</summary>
internal static class VerbOption
{
    /// <summary>Makes an option that takes one number, parsed with the invariant culture.</summary>
    public static Option<T> Number<T>(string name, string description, T standard, T low, T high)
        where T : struct, INumber<T>
    {
        var option = new Option<T>(name)
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"{description} From {low} to {high}."),
            HelpName = "number",
            DefaultValueFactory = _ => standard,
        };
        option.CustomParser = result => Parse(result, name, low, high);
        return option;
    }

    /// <summary>Makes an option that takes one text.</summary>
    public static Option<string?> Text(string name, string help, string description) => new(name) { HelpName = help, Description = description };

    private static T Parse<T>(ArgumentResult result, string name, T low, T high)
        where T : struct, INumber<T>
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (!T.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out T value) || T.IsNaN(value))
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is '{text}'; must be a{(T.IsInteger(T.One / (T.One + T.One)) ? " whole" : "")} number from {low} to {high}."));
        else if (value < low || value > high)
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is {text}; must be from {low} to {high}."));
        return value;
    }
}
