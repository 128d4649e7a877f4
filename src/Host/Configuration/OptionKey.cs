using System.Globalization;
using System.Reflection;

namespace EdgeAutonomy.Host;

/// <summary>One key of a section, as its property and attribute declare it.</summary>
/// <param name="Property">The property behind the key.</param>
/// <param name="Rule">Its rule.</param>
public sealed record OptionKey(PropertyInfo Property, OptionAttribute Rule)
{
    /// <summary>Gets the key's name.</summary>
    public string Name => Property.Name;

    /// <summary>Gets the type of a value or of a list's elements.</summary>
    public Type ValueType => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType.GetElementType() ?? Property.PropertyType;

    /// <summary>Returns the keys of a section class, base class first.</summary>
    public static IReadOnlyList<OptionKey> Of(Type section)
    {
        var keys = new List<OptionKey>();
        for (var type = section; type is not null && type != typeof(object); type = type.BaseType)
        {
            var own = type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Select(p => (Property: p, Rule: p.GetCustomAttribute<OptionAttribute>()))
                .Where(p => p.Rule is not null)
                .Select(p => new OptionKey(p.Property, p.Rule!));
            keys.InsertRange(0, own);
        }
        return keys;
    }

    /// <summary>Returns the rule as the end of a sentence: "must be …".</summary>
    public string RuleText
    {
        get
        {
            if (Rule.Count > 0) return $"must be a list of {Rule.Count} numbers{Range}";
            if (Property.PropertyType == typeof(string[])) return "must be a list of texts";
            if (Property.PropertyType.IsArray) return $"must be a list of {(IsWhole ? "whole " : "")}numbers{Range}";
            if (ValueType.IsEnum) return "must be one of " + string.Join(", ", Enum.GetNames(ValueType));
            if (Rule.Choices is { } choices) return "must be one of " + choices.Replace(",", ", ", StringComparison.Ordinal);
            if (ValueType == typeof(bool)) return "must be true or false";
            if (Rule.IsName) return "must be 1 to 64 letters, digits, '-' or '_'";
            if (Rule.IsFile) return "must be the path of a file that exists";
            if (Rule.IsModel) return $"must be {(Rule.OrWord is { } word ? $"'{word}', " : "")}the name of a model that ships or the path of a file that exists";
            if (ValueType == typeof(string)) return "must be a text";
            return $"must be a{(IsWhole ? " whole" : "")} number{Range}";
        }
    }

    /// <summary>Gets the allowed range as " in [low, high]"; empty when there is none.</summary>
    public string Range => double.IsNegativeInfinity(Rule.Min) && double.IsPositiveInfinity(Rule.Max)
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $" in [{Rule.Min}, {(ValueType == typeof(ulong) && Rule.Max >= ulong.MaxValue ? ulong.MaxValue.ToString(CultureInfo.InvariantCulture) : Rule.Max.ToString(CultureInfo.InvariantCulture))}]");

    /// <summary>Gets whether only whole numbers are allowed.</summary>
    public bool IsWhole => ValueType == typeof(int) || ValueType == typeof(long) || ValueType == typeof(ulong);
}
