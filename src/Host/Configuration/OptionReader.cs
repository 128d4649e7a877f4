using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace EdgeAutonomy.Host;

/// <summary>Turns keys and texts into option objects and notes every key that is unknown, missing, or breaks its rule.</summary>
/// <remarks>One pass reads and checks, so what is checked is exactly what is used. A key that is wrong keeps its default, and reading goes on.</remarks>
/// <param name="registry">The kinds of stage.</param>
/// <param name="folder">Where relative paths start; null = files need not exist, and paths stay as they are.</param>
/// <param name="findings">Takes what is wrong.</param>
internal sealed class OptionReader(StageRegistry registry, string? folder, List<Finding> findings)
{
    /// <summary>Reads the whole configuration.</summary>
    public EdgeOptions Read(IConfiguration root) => (EdgeOptions)ReadSection(typeof(EdgeOptions), [.. root.GetChildren()], "");

    private object ReadSection(Type type, IReadOnlyList<IConfigurationSection> children, string path)
    {
        object section = Activator.CreateInstance(type)!;
        var keys = OptionKey.Of(type);
        foreach (var child in children)
        {
            if (!keys.Any(k => Same(k.Name, child.Key))) Unknown(Join(path, child.Key), child.Key, keys.Select(k => k.Name));
        }
        foreach (var key in keys)
        {
            string at = Join(path, key.Name);
            var child = children.FirstOrDefault(c => Same(c.Key, key.Name));
            if (child is null)
            {
                if (key.Rule.Required) Error(at, $"{at} is missing; {Need(key)}.", $"Add the key '{key.Name}': {key.Rule.Summary}");
            }
            else if (ReadValue(key, child, at) is { } value)
            {
                key.Property.SetValue(section, value);
            }
        }
        return section;
    }

    private object? ReadValue(OptionKey key, IConfigurationSection child, string at)
    {
        var type = key.Property.PropertyType;
        if (type == typeof(FreeSection)) return new FreeSection();
        if (typeof(StageSection).IsAssignableFrom(type)) return ReadStage(RoleOf(type), child, at);
        if (type.IsGenericType) return ReadNamed(key, child, at);
        if (type.IsArray) return ReadList(key, child, at);
        if (IsSection(type)) return AsChildren(child, at, OptionKey.Of(type).Select(k => k.Name)) is { } children ? ReadSection(type, children, at) : null;
        return ReadScalar(key, child, at);
    }

    private StageSection? ReadStage(StageRole role, IConfigurationSection child, string at)
    {
        var items = child.GetChildren().ToArray();
        if (items.Length > 0 && items.All(i => int.TryParse(i.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            // A list of one is welcome: the same file then fits a build that chains several.
            if (items.Length == 1) return ReadStage(role, items[0], Join(at, items[0].Key));
            Error(at, $"{at} has {items.Length} elements; this build takes one.", "Keep one of them.");
            return null;
        }
        var kinds = registry.Of(role).Select(k => k.Name).ToArray();
        if (AsChildren(child, at, ["Type"]) is not { } children) return null;
        string? name = children.FirstOrDefault(c => Same(c.Key, "Type"))?.Value;
        string choices = string.Join(", ", kinds);
        if (string.IsNullOrEmpty(name))
        {
            Error(Join(at, "Type"), $"{at}:Type is missing; must be one of {choices}.", "Name the kind of stage.");
            return null;
        }
        if (registry.Find(role, name) is not { } kind)
        {
            string? near = NearestName.Of(name, kinds);
            Error(Join(at, "Type"), $"{at}:Type is '{Shown(name)}'; must be one of {choices}.", near is null ? $"Use one of {choices}." : $"Did you mean '{near}'?");
            return null;
        }
        return (StageSection)ReadSection(kind.Options, children, at);
    }

    private object? ReadNamed(OptionKey key, IConfigurationSection child, string at)
    {
        if (AsChildren(child, at, ["a name of your choice"]) is not { } children) return null;
        var type = key.Property.PropertyType;
        var element = type.GetGenericArguments()[1];
        var named = (System.Collections.IDictionary)Activator.CreateInstance(type)!;
        foreach (var entry in children)
        {
            string path = Join(at, entry.Key);
            if (!IsName(entry.Key)) Error(path, $"{at} has the name '{Shown(entry.Key)}'; must be 1 to 64 letters, digits, '-' or '_'.", "Rename it.");
            if (AsChildren(entry, path, OptionKey.Of(element).Select(k => k.Name)) is { } content) named[entry.Key] = ReadSection(element, content, path);
        }
        if (named.Count == 0 && key.Rule.Required) Error(at, $"{at} is empty; {Need(key)}.", $"Add an entry: {key.Rule.Summary}");
        return named;
    }

    private Array? ReadList(OptionKey key, IConfigurationSection child, string at)
    {
        var element = key.Property.PropertyType.GetElementType()!;
        var children = child.GetChildren().ToArray();
        if (!string.IsNullOrEmpty(child.Value) || children.Any(c => !int.TryParse(c.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            Error(at, $"{at} is {Given(child)}; must be a list.", "Write it in brackets: [ … ].");
            return null;
        }
        if (key.Rule.Count > 0 && children.Length != key.Rule.Count)
        {
            Error(at, $"{at} has {children.Length} elements; {key.RuleText}.", $"Give {key.Rule.Count} elements, or remove the key.");
            return null;
        }
        var values = new List<object>();
        foreach (var item in children)
        {
            string path = Join(at, item.Key);
            object? value = IsSection(element)
                ? AsChildren(item, path, OptionKey.Of(element).Select(k => k.Name)) is { } content ? ReadSection(element, content, path) : null
                : ReadScalar(key, item, path);
            if (value is null) return null;
            values.Add(value);
        }
        var list = Array.CreateInstance(element, values.Count);
        for (int i = 0; i < values.Count; i++) list.SetValue(values[i], i);
        return list;
    }

    private object? ReadScalar(OptionKey key, IConfigurationSection child, string at)
    {
        string rule = key.Property.PropertyType.IsArray && key.ValueType != typeof(string) ? $"must be a{(key.IsWhole ? " whole" : "")} number{key.Range}" : key.RuleText;
        if (child.Value is not { } text || child.GetChildren().Any())
        {
            Error(at, $"{at} is {Given(child)}; {rule}.", Remedy(key));
            return null;
        }
        object? value = Parse(key.ValueType, text);
        if (value is null)
        {
            string? near = key.ValueType.IsEnum ? NearestName.Of(text, Enum.GetNames(key.ValueType)) : null;
            Error(at, $"{at} is '{Shown(text)}'; {rule}.", near is null ? Remedy(key) : $"Did you mean '{near}'?");
            return null;
        }
        if (value is IConvertible number && value is not string and not bool && !key.ValueType.IsEnum)
        {
            double d = number.ToDouble(CultureInfo.InvariantCulture);
            if (d < key.Rule.Min || d > key.Rule.Max)
            {
                Error(at, $"{at} is {Shown(text)}; must be{key.Range}.", Remedy(key));
                return null;
            }
        }
        if (key.Rule.IsName && !IsName(text))
        {
            Error(at, $"{at} is '{Shown(text)}'; {rule}.", Remedy(key));
            return null;
        }
        if (key.Rule.Choices is { } choices && !choices.Split(',').Contains(text))
        {
            string? near = NearestName.Of(text, choices.Split(','));
            Error(at, $"{at} is '{Shown(text)}'; {rule}.", near is null ? Remedy(key) : $"Did you mean '{near}'?");
            return null;
        }
        if (key.Rule.IsModel && folder is not null && text != key.Rule.OrWord) return ExistingModel(text, at, folder);
        return key.Rule.IsFile && folder is not null ? ExistingFile(key, text, at, folder) : value;
    }

    private string? ExistingFile(OptionKey key, string text, string at, string folder)
    {
        string full;
        try
        {
            full = Path.GetFullPath(text, folder);
        }
        catch (ArgumentException)
        {
            Error(at, $"{at} is '{Shown(text)}'; {key.RuleText}.", "Give the path of a file.");
            return null;
        }
        if (File.Exists(full)) return full;
        Error(at, $"{at} is '{Shown(text)}'; {key.RuleText}.", $"Put the file there ({full}) or correct the path, which starts at the configuration file's folder.");
        return null;
    }

    private string? ExistingModel(string text, string at, string folder)
    {
        // The name of a model that ships stays a name, so that a recording made here replays elsewhere.
        if (ModelFiles.TryFind(text, folder) is { } path) return ModelFiles.Names.Contains(text) ? text : path;
        Error(at, $"{at} is '{Shown(text)}'; must be the name of a model that ships ({string.Join(", ", ModelFiles.Names)}) or the path of a file that exists.", NearestName.Of(text, ModelFiles.Names) is { } near ? $"Did you mean '{near}'?" : "Correct the name, or give a path, which starts at the configuration file's folder.");
        return null;
    }

    private static object? Parse(Type type, string text)
    {
        var c = CultureInfo.InvariantCulture;
        if (type == typeof(string)) return text;
        if (type == typeof(bool)) return bool.TryParse(text, out bool flag) ? flag : null;
        // A name only: Enum.Parse would take the number 7 for a choice that does not exist.
        if (type.IsEnum) return Array.Find(Enum.GetNames(type), n => Same(n, text)) is { } name ? Enum.Parse(type, name) : null;
        if (type == typeof(int)) return int.TryParse(text, NumberStyles.AllowLeadingSign, c, out int i) ? i : null;
        if (type == typeof(long)) return long.TryParse(text, NumberStyles.AllowLeadingSign, c, out long l) ? l : null;
        if (type == typeof(ulong)) return ulong.TryParse(text, NumberStyles.None, c, out ulong u) ? u : null;
        return double.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite, c, out double d) && double.IsFinite(d) ? d : null;
    }

    // A section given as one value has no children; null stands for a mistake that was noted.
    private IConfigurationSection[]? AsChildren(IConfigurationSection child, string at, IEnumerable<string> expected)
    {
        var children = child.GetChildren().ToArray();
        bool isList = children.Length > 0 && children.All(c => int.TryParse(c.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _));
        if (string.IsNullOrEmpty(child.Value) && !isList) return children;
        Error(at, $"{at} is {(isList ? "a list" : Given(child))}; must be a section with the keys {string.Join(", ", expected)}.", "Write it in braces: { … }.");
        return null;
    }

    private void Unknown(string at, string key, IEnumerable<string> known)
    {
        var names = known.ToArray();
        string? near = NearestName.Of(key, names);
        Error(Shown(at), $"{Shown(at)} is not a known key; the keys here are {string.Join(", ", names)}.", near is null ? "Remove it." : $"Did you mean '{near}'?");
    }

    private void Error(string where, string message, string remedy) => findings.Add(new Finding(where, Severity.Error, message, remedy));

    private static string Need(OptionKey key) => IsSection(key.Property.PropertyType) || key.Property.PropertyType.IsGenericType ? "it is needed" : key.RuleText;

    private static string Remedy(OptionKey key)
    {
        object? standard = key.Property.DeclaringType is { IsAbstract: false } type ? key.Property.GetValue(Activator.CreateInstance(type)) : null;
        return key.Rule.Required || standard is null || standard is Array
            ? "Correct the value."
            : string.Create(CultureInfo.InvariantCulture, $"Correct the value, or remove the key for the default {standard}.");
    }

    private static string Given(IConfigurationSection child)
    {
        var children = child.GetChildren().ToArray();
        if (children.Length == 0) return string.IsNullOrEmpty(child.Value) ? "empty" : $"'{Shown(child.Value)}'";
        return children.All(c => int.TryParse(c.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)) ? "a list" : "a section";
    }

    // What the user wrote is shown, but never more of it than fits a line, and never a control character.
    private static string Shown(string text)
    {
        string clean = string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
        return clean.Length <= 120 ? clean : clean[..117] + "…";
    }

    private static StageRole RoleOf(Type section) =>
        section == typeof(SenseSection) ? StageRole.Sense : section == typeof(PerceiveSection) ? StageRole.Perceive : section == typeof(DecideSection) ? StageRole.Decide : StageRole.Act;

    private static bool IsSection(Type type) => type.IsClass && type != typeof(string) && !type.IsArray && !type.IsGenericType;

    private static bool IsName(string text) => text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static string Join(string path, string key) => path.Length == 0 ? key : path + ":" + key;
}
