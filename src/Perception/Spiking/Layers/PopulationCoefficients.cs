namespace EdgeAutonomy.Perception;

/// <summary>The coefficients of a population, per element as NIR counts them; see <see cref="FireArguments"/>.</summary>
internal sealed class PopulationCoefficients(int elements)
{
    internal float[] A { get; } = new float[elements];

    internal float[] B { get; } = new float[elements];

    internal float[] G { get; } = new float[elements];

    internal float[] CurrentA { get; } = new float[elements];

    internal float[] CurrentB { get; } = new float[elements];

    internal float[] CurrentG { get; } = new float[elements];

    internal float[] Theta { get; } = Filled(elements, 1);

    internal float[] Bar { get; } = Filled(elements, float.PositiveInfinity);

    internal float[] Target { get; } = new float[elements];

    internal bool IsSameAtAllSites(SignalLayout layout)
    {
        foreach (float[] all in (float[][])[A, B, G, CurrentA, CurrentB, CurrentG, Theta, Bar, Target])
        {
            for (int i = 0; i < all.Length; i++)
            {
                if (all[i] != all[i / layout.Sites * layout.Sites]) return false;
            }
        }
        return true;
    }

    private static float[] Filled(int count, float value)
    {
        var all = new float[count];
        Array.Fill(all, value);
        return all;
    }
}
