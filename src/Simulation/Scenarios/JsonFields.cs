using System.Globalization;
using System.Text.Json;

namespace EdgeAutonomy.Simulation;

/// <summary>Reads one JSON object field by field and collects what is wrong instead of stopping: missing, ill-typed, doubled and unknown keys.</summary>
internal sealed class JsonFields
{
    private readonly JsonElement _object;
    private readonly string _path;
    private readonly List<ScenarioFault> _faults;
    private readonly HashSet<string> _known = [];

    public JsonFields(JsonElement element, string path, List<ScenarioFault> faults)
    {
        (_object, _path, _faults) = (element, path, faults);
        if (element.ValueKind != JsonValueKind.Object) Fault("", element, "must be an object");
    }

    public double Number(string name, double fallback) => Number(name, fallback, required: false);

    public double Number(string name) => Number(name, 0, required: true);

    public int Whole(string name, int fallback)
    {
        if (!Find(name, false, out var e)) return fallback;
        if (e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out int value)) return value;
        Fault(name, e, "must be a whole number");
        return fallback;
    }

    public ulong Seed(string name, ulong fallback)
    {
        if (!Find(name, false, out var e)) return fallback;
        if (e.ValueKind == JsonValueKind.Number && e.TryGetUInt64(out ulong value)) return value;
        Fault(name, e, "must be a whole number from 0 on");
        return fallback;
    }

    public bool Flag(string name, bool fallback)
    {
        if (!Find(name, false, out var e)) return fallback;
        if (e.ValueKind is JsonValueKind.True or JsonValueKind.False) return e.GetBoolean();
        Fault(name, e, "must be true or false");
        return fallback;
    }

    public string Text(string name, string fallback)
    {
        if (!Find(name, false, out var e)) return fallback;
        if (e.ValueKind == JsonValueKind.String && e.GetString() is { Length: > 0 and <= 100 } value) return value;
        Fault(name, e, "must be a text of 1 to 100 characters");
        return fallback;
    }

    public T Word<T>(string name, T fallback) where T : struct, Enum
    {
        if (!Find(name, false, out var e)) return fallback;
        if (e.ValueKind == JsonValueKind.String)
        {
            foreach (var value in Enum.GetValues<T>())
            {
                if (string.Equals(JsonNames.Of(value), e.GetString(), StringComparison.Ordinal)) return value;
            }
        }
        Fault(name, e, $"must be one of {string.Join(", ", Enum.GetValues<T>().Select(JsonNames.Of))}");
        return fallback;
    }

    public T Part<T>(string name, T fallback, Func<JsonFields, T> read)
    {
        if (!Find(name, false, out var e)) return fallback;
        var fields = new JsonFields(e, PathOf(name), _faults);
        if (e.ValueKind != JsonValueKind.Object) return fallback;
        var value = read(fields);
        fields.End();
        return value;
    }

    public List<T> List<T>(string name, Func<JsonFields, T> read)
    {
        var list = new List<T>();
        if (!Find(name, false, out var e)) return list;
        if (e.ValueKind != JsonValueKind.Array)
        {
            Fault(name, e, "must be a list");
            return list;
        }
        foreach (var item in e.EnumerateArray())
        {
            var fields = new JsonFields(item, $"{PathOf(name)}[{list.Count}]", _faults);
            list.Add(item.ValueKind == JsonValueKind.Object ? read(fields) : default!);
            fields.End();
        }
        return list;
    }

    /// <summary>Notes the keys that nobody asked for, and those that stand twice.</summary>
    public void End()
    {
        if (_object.ValueKind != JsonValueKind.Object) return;
        var seen = new HashSet<string>();
        foreach (var property in _object.EnumerateObject())
        {
            if (!seen.Add(property.Name)) Fault(property.Name, property.Value, "must stand only once");
            else if (!_known.Contains(property.Name)) Fault(property.Name, property.Value, $"is not a known key; known are {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
        }
    }

    private double Number(string name, double fallback, bool required)
    {
        if (!Find(name, required, out var e)) return fallback;
        if (e.ValueKind == JsonValueKind.Number && e.TryGetDouble(out double value) && double.IsFinite(value)) return value;
        Fault(name, e, "must be a finite number");
        return fallback;
    }

    private bool Find(string name, bool required, out JsonElement element)
    {
        _known.Add(name);
        element = default;
        if (_object.ValueKind != JsonValueKind.Object) return false;
        if (_object.TryGetProperty(name, out element)) return true;
        if (required) _faults.Add(new(PathOf(name), "absent", "must be given"));
        return false;
    }

    private string PathOf(string name) => _path.Length == 0 ? name : name.Length == 0 ? _path : $"{_path}.{name}";

    private void Fault(string name, JsonElement element, string rule)
    {
        string value = element.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            ? element.ValueKind.ToString().ToLower(CultureInfo.InvariantCulture)
            : element.GetRawText();
        if (value.Length > 60) value = value[..60] + "…";
        _faults.Add(new(PathOf(name) is { Length: > 0 } path ? path : "(file)", value, rule));
    }
}
