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

    /// <summary>Makes an option that takes one of a few names, in any case; null where it is not given.</summary>
    public static Option<T?> Choice<T>(string name, string description)
        where T : struct, Enum
    {
        string[] names = Enum.GetNames<T>();
        var option = new Option<T?>(name) { HelpName = string.Join('|', names), Description = description };
        option.CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            // Enum.Parse takes numbers as well; only names are meant.
            if (names.FirstOrDefault(n => n.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found) return Enum.Parse<T>(found);
            result.AddError($"{name} is '{text}'; must be one of {string.Join(", ", names)}.");
            return null;
        };
        return option;
    }

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
