using System.Collections;
using System.Globalization;
using System.Text;

namespace EdgeAutonomy.Host;

/// <summary>Writes the table of all keys that stands in docs/configuration.md, from the option classes themselves.</summary>
public static class ConfigurationReference
{
    /// <summary>Returns the tables as Markdown: the common keys, then each kind of stage.</summary>
    public static string Markdown(StageRegistry registry)
    {
        var text = new StringBuilder();
        text.Append("| key | default | rule | meaning |\n|---|---|---|---|\n");
        Rows(text, typeof(EdgeOptions), "");
        foreach (var role in Enum.GetValues<StageRole>())
        {
            foreach (var kind in registry.Of(role))
            {
                text.Append(CultureInfo.InvariantCulture, $"\n### `{role}` of type `{kind.Name}`\n\n{kind.Summary}");
                string flow = (kind.Reads, kind.Writes) switch
                {
                    (null, { } w) => $" Gives `{w.Name}`.",
                    ({ } r, null) => $" Takes `{r.Name}`.",
                    ({ } r, { } w) => $" Takes `{r.Name}`, gives `{w.Name}`.",
                    _ => "",
                };
                text.Append(flow).Append("\n\n");
                var own = OptionKey.Of(kind.Options).Where(k => k.Property.DeclaringType == kind.Options).ToArray();
                if (own.Length == 0) text.Append("No keys of its own.\n");
                else text.Append("| key | default | rule | meaning |\n|---|---|---|---|\n");
                foreach (var key in own) Row(text, key, $"Loops:*:{role}:{key.Name}", kind.Options);
            }
        }
        return text.ToString();
    }

    private static void Rows(StringBuilder text, Type section, string path)
    {
        foreach (var key in OptionKey.Of(section))
        {
            string at = path + key.Name;
            var type = key.Property.PropertyType;
            if (type.IsGenericType) Rows(text, type.GetGenericArguments()[1], at + ":*:");
            else if (type.IsArray && type.GetElementType() is { IsClass: true } element && element != typeof(string)) Rows(text, element, at + ":#:");
            else if (type == typeof(FreeSection) || !type.IsClass || type == typeof(string) || type.IsArray) Row(text, key, at, section);
            else Rows(text, type, at + ":");
        }
    }

    private static void Row(StringBuilder text, OptionKey key, string path, Type section)
    {
        string rule = key.Property.PropertyType == typeof(FreeSection) ? "a section" : key.RuleText;
        text.Append(CultureInfo.InvariantCulture, $"| `{path}` | {Default(key, section)} | {rule} | {key.Rule.Summary} |\n");
    }

    private static string Default(OptionKey key, Type section)
    {
        if (key.Rule.Required) return "required";
        if (section.IsAbstract) section = typeof(Sample);
        object? value = key.Property.DeclaringType!.IsAssignableFrom(section) ? key.Property.GetValue(Activator.CreateInstance(section)) : null;
        if (value is null && key.Property.DeclaringType.IsAssignableFrom(typeof(SenseSample))) value = key.Property.GetValue(new SenseSample());
        return value switch
        {
            null => "",
            string { Length: 0 } => "",
            string s => s,
            IEnumerable list => "[" + string.Join(", ", list.Cast<object>().Select(o => Convert.ToString(o, CultureInfo.InvariantCulture))) + "]",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
    }

    // Stand-ins, so that the defaults of the abstract stage classes can be read.
    private sealed class Sample : StageSection;

    private sealed class SenseSample : SenseSection;
}
