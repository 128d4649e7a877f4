namespace EdgeAutonomy.Perception;

/// <summary>Neurons of one kind: they gather what synapses add, step their state, and send a signal.</summary>
internal sealed unsafe class Population : Operation
{
    private readonly AlignedArray<float> _membrane;
    private readonly AlignedArray<float>? _input, _current, _pending, _probe;
    private readonly AlignedArray<float>[] _coefficients;
    private readonly AlignedArray<FireArguments> _arguments;
    private readonly PopulationSpec _spec;
    private readonly bool _hasOnePeriod;
    private readonly delegate*<FireArguments*, void> _fire;

    internal Population(PopulationSpec spec, Kernels kernels)
    {
        _spec = spec;
        (Name, Layout) = (spec.Name, spec.Layout);
        int n = Layout.Count;
        _membrane = new AlignedArray<float>(spec.Model == FireModel.Stateless ? 0 : n);
        if (spec.Model != FireModel.Direct) _input = new AlignedArray<float>(n);
        if (spec.Model is FireModel.LiteralCurrent or FireModel.LiteralOldCurrent) _current = new AlignedArray<float>(n);
        if (spec.Reset is FireReset.Pending or FireReset.Delayed) _pending = new AlignedArray<float>(n);
        if (spec.HasProbe) _probe = new AlignedArray<float>(n);
        Output = new Signal(Layout, spec.Kind, kernels);
        _arguments = new AlignedArray<FireArguments>(1);
        _hasOnePeriod = spec.Coefficients.IsSameAtAllSites(Layout);
        // Padding lanes never reach their bar and divide by 1.
        var c = spec.Coefficients;
        _coefficients =
        [
            Lay(c.A, 0), Lay(c.B, 0), Lay(c.G, 0), Lay(c.CurrentA, 0), Lay(c.CurrentB, 0), Lay(c.CurrentG, 0),
            Lay(c.Theta, 1), Lay(c.Bar, float.PositiveInfinity), Lay(c.Target, 0),
        ];
        *_arguments.Pointer = new FireArguments
        {
            Membrane = _membrane.Pointer, Input = Pointer(_input), Current = Pointer(_current), Pending = Pointer(_pending), Probe = Pointer(_probe),
            Values = Output.Values, Bits = (ushort*)Output.Bits, Count = n, Period = _coefficients[0].Length,
            A = _coefficients[0].Pointer, B = _coefficients[1].Pointer, G = _coefficients[2].Pointer,
            CurrentA = _coefficients[3].Pointer, CurrentB = _coefficients[4].Pointer, CurrentG = _coefficients[5].Pointer,
            Theta = _coefficients[6].Pointer, Bar = _coefficients[7].Pointer, Target = _coefficients[8].Pointer,
            Levels = spec.Levels, Floor = spec.Floor,
        };
        _fire = kernels.Fire(spec.Model, spec.Reset, spec.Output);
        Reset();
    }

    internal string Name { get; }

    internal SignalLayout Layout { get; }

    internal PopulationSpec Spec => _spec;

    /// <summary>Gets where synapses add.</summary>
    internal float* Accumulators => _input is null ? _membrane.Pointer : _input.Pointer;

    internal Signal Output { get; }

    /// <summary>Gets the spikes, over all steps; an integer spike counts as many as it says, a real-valued output as one.</summary>
    internal long Spikes { get; private set; }

    /// <summary>Gets the membranes after the reset, at their places; empty without a probe.</summary>
    internal ReadOnlySpan<float> Probe => _probe is null ? [] : _probe.Span;

    internal override void Run()
    {
        _fire(_arguments.Pointer);
        Output.ListBits();
        if (Output.Kind != SignalKind.Counts) Spikes += Output.Count;
        else
        {
            foreach (int i in Output.Active) Spikes += (long)Output.Values[i];
        }
    }

    internal override void Reset()
    {
        // Every state starts from zero, and has decayed once as between any two steps.
        _membrane.Span.Clear();
        _input?.Span.Clear();
        _current?.Span.Clear();
        _pending?.Span.Clear();
        _probe?.Span.Clear();
        Output.Clear();
        Spikes = 0;
        if (_spec.Model is FireModel.Direct or FireModel.OldCurrent) Start(_membrane, _coefficients[1]);
        if (_spec.Model == FireModel.Stateless) Start(_input!, _coefficients[1]);
        if (_spec.Model is FireModel.Current or FireModel.OldCurrent) Start(_input!, _coefficients[4]);
    }

    internal override void Freeze(ref StateWriter writer)
    {
        writer.WriteSpan<float>(_membrane.Span);
        if (_input is not null) writer.WriteSpan<float>(_input.Span);
        if (_current is not null) writer.WriteSpan<float>(_current.Span);
        if (_pending is not null) writer.WriteSpan<float>(_pending.Span);
        writer.Write(Spikes);
        Output.Freeze(ref writer);
    }

    internal override void Thaw(ref StateReader reader)
    {
        reader.ReadFinite(_membrane.Span, "membranes");
        if (_input is not null) reader.ReadFinite(_input.Span, "inputs");
        if (_current is not null) reader.ReadFinite(_current.Span, "currents");
        if (_pending is not null) reader.ReadFinite(_pending.Span, "pending resets");
        Spikes = reader.Read<long>();
        reader.Require(Spikes >= 0, "a spike count");
        Output.Thaw(ref reader);
        _probe?.Span.Clear();
    }

    internal override void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_membrane.Span);
        if (_input is not null) hasher.Add(_input.Span);
        if (_current is not null) hasher.Add(_current.Span);
        if (_pending is not null) hasher.Add(_pending.Span);
        Output.AddTo(ref hasher);
    }

    private static float* Pointer(AlignedArray<float>? array) => array is null ? null : array.Pointer;

    private static void Start(AlignedArray<float> state, AlignedArray<float> values)
    {
        for (int i = 0; i < state.Length; i++) state.Span[i] = values.Span[i % values.Length];
    }

    // One period where all sites have the same, which is the rule behind a convolution: the coefficients then stay in the first-level cache.
    private AlignedArray<float> Lay(float[] perElement, float padding)
    {
        int period = _hasOnePeriod ? Layout.Stride : Layout.Count;
        var laid = new AlignedArray<float>(period);
        for (int place = 0; place < period; place++)
        {
            int element = Layout.Element(place);
            laid.Span[place] = element < 0 ? padding : perElement[element] + 0f; // −0 becomes +0
        }
        return laid;
    }
}
