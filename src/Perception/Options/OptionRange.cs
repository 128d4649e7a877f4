using System.Globalization;

namespace EdgeAutonomy.Perception;

/// <summary>Throws the one kind of error that a wrong option gives: where, the value, the rule.</summary>
internal static class OptionRange
{
    internal static void Check<T>(bool isValid, string record, string name, T value, string rule)
        where T : IFormattable
    {
        if (!isValid) throw new ArgumentOutOfRangeException(name, $"{record}:{name} is {value.ToString(null, CultureInfo.InvariantCulture)}; {rule}.");
    }
}
