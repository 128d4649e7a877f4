namespace EdgeAutonomy.Agents;

/// <summary>Reads lists of the form <c>a b - t c</c>.</summary>
internal static class PddlTypedList
{
    public static List<(PddlNode Name, PddlNode? Type)> Read(PddlReader reader, List<PddlNode> items, int start)
    {
        var entries = new List<(PddlNode, PddlNode?)>(Math.Max(0, items.Count - start));
        int pending = 0;
        for (int i = start; i < items.Count; i++)
        {
            string word = reader.Word(items[i], "a name");
            if (word != "-")
            {
                entries.Add((items[i], null));
                continue;
            }
            if (++i == items.Count) throw reader.Error(items[i - 1], "a type is missing after '-'.");
            if (items[i].IsList) throw reader.Error(items[i], "a list as a type ('either') is not supported; declare a common parent type.");
            if (pending == entries.Count) throw reader.Error(items[i - 1], "'-' without a name before it.");
            for (; pending < entries.Count; pending++) entries[pending] = (entries[pending].Item1, items[i]);
        }
        return entries;
    }
}
