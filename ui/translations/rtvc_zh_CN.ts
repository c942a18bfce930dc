<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>rtvc</name>
    <message>
        <source>this is a mistake in rtvc itself; please report what it printed</source>
        <translation>这是 rtvc 自身的错误；请报告其输出的内容</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>音色</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Gate</source>
        <translation>噪声门</translation>
    </message>
    <message>
        <source>Quieter input is silenced; the lowest value is off.</source>
        <translation>低于此电平的输入将被静音；最低值为关闭。</translation>
    </message>
    <message>
        <source>Input gain</source>
        <translation>输入增益</translation>
    </message>
    <message>
        <source>Applied before the voice.</source>
        <translation>在变声之前应用。</translation>
    </message>
    <message>
        <source>Output gain</source>
        <translation>输出增益</translation>
    </message>
    <message>
        <source>Applied after the voice.</source>
        <translation>在变声之后应用。</translation>
    </message>
    <message>
        <source>Noise suppression</source>
        <translation>降噪</translation>
    </message>
    <message>
        <source>Takes noise away; 30 ms more delay.</source>
        <translation>去除噪声；延迟增加 30 ms。</translation>
    </message>
    <message>
        <source>Low cut</source>
        <translation>低切</translation>
    </message>
    <message>
        <source>Takes rumble out of the microphone; 0 is off.</source>
        <translation>去除麦克风的低频噪声；0 为关闭。</translation>
    </message>
    <message>
        <source>Bass</source>
        <translation>低音</translation>
    </message>
    <message>
        <source>The voice below 250 Hz.</source>
        <translation>声音中 250 Hz 以下的部分。</translation>
    </message>
    <message>
        <source>Middle</source>
        <translation>中音</translation>
    </message>
    <message>
        <source>The voice around 1200 Hz.</source>
        <translation>声音中 1200 Hz 附近的部分。</translation>
    </message>
    <message>
        <source>Treble</source>
        <translation>高音</translation>
    </message>
    <message>
        <source>The voice above 4500 Hz.</source>
        <translation>声音中 4500 Hz 以上的部分。</translation>
    </message>
    <message>
        <source>The rest is your own sound, in step with the voice.</source>
        <translation>其余部分为您的原声，与音色同步。</translation>
    </message>
    <message>
        <source>Limiter</source>
        <translation>限制器</translation>
    </message>
    <message>
        <source>No sample is ever louder than this.</source>
        <translation>任何采样都不会超过此电平。</translation>
    </message>
    <message>
        <source>Pitch</source>
        <translation>音高</translation>
    </message>
    <message>
        <source>Moves the voice up or down, on top of the automatic shift.</source>
        <translation>在自动移调的基础上升高或降低音高。</translation>
    </message>
    <message>
        <source>Automatic pitch</source>
        <translation>自动音高</translation>
    </message>
    <message>
        <source>1 moves your range onto the voice&apos;s own range.</source>
        <translation>1 表示将您的音域移到音色自身的音域。</translation>
    </message>
    <message>
        <source>Clarity</source>
        <translation>清晰度</translation>
    </message>
    <message>
        <source>More books: clearer words. Fewer: less of you is left.</source>
        <translation>码本越多：吐字越清晰。越少：保留的原声越少。</translation>
    </message>
    <message>
        <source>Liveliness</source>
        <translation>生动度</translation>
    </message>
    <message>
        <source>How much chance there is in the voice: 0 is flat.</source>
        <translation>声音中随机变化的程度：0 为平淡。</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>细节</translation>
    </message>
    <message>
        <source>Lets through what the codes leave out: clearer, and more of you.</source>
        <translation>补回编码遗漏的部分：更清晰，也更像您的原声。</translation>
    </message>
    <message>
        <source>Gain</source>
        <translation>增益</translation>
    </message>
    <message>
        <source>Level of the output against the input.</source>
        <translation>输出相对于输入的电平。</translation>
    </message>
    <message>
        <source>semitones</source>
        <translation>半音</translation>
    </message>
    <message>
        <source>books</source>
        <translation>个码本</translation>
    </message>
    <message>
        <source>Lowest delay</source>
        <translation>最低延迟</translation>
    </message>
    <message>
        <source>Low delay</source>
        <translation>低延迟</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>均衡</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>高音质</translation>
    </message>
    <message>
        <source>Your pitch: {hertz:.0f} Hz, learned</source>
        <translation>您的音高：{hertz:.0f} Hz（已学习）</translation>
    </message>
    <message>
        <source>Something is missing</source>
        <translation>缺少必要项</translation>
    </message>
    <message>
        <source>Delay {total} {note}: {parts}</source>
        <translation>延迟 {total} {note}：{parts}</translation>
    </message>
    <message>
        <source>from microphone to output</source>
        <translation>从麦克风到输出</translation>
    </message>
    <message>
        <source>expected, before resampling and compute</source>
        <translation>预计值，未计重采样和计算</translation>
    </message>
    <message>
        <source>Device in</source>
        <translation>设备输入</translation>
    </message>
    <message>
        <source>The microphone hands over whole blocks.</source>
        <translation>麦克风按整块交付声音。</translation>
    </message>
    <message>
        <source>Resampling</source>
        <translation>重采样</translation>
    </message>
    <message>
        <source>From the devices&apos; rates to the voice&apos;s, and back.</source>
        <translation>从设备采样率转换到音色采样率，再转换回来。</translation>
    </message>
    <message>
        <source>Hop</source>
        <translation>步长</translation>
    </message>
    <message>
        <source>Sound is gathered until one hop is complete.</source>
        <translation>声音累积到一个完整的步长。</translation>
    </message>
    <message>
        <source>Look-ahead</source>
        <translation>前瞻</translation>
    </message>
    <message>
        <source>What the voice must have heard before it can speak.</source>
        <translation>音色发声之前必须先听到的部分。</translation>
    </message>
    <message>
        <source>Compute</source>
        <translation>计算</translation>
    </message>
    <message>
        <source>The time that this machine needs for one hop.</source>
        <translation>本机处理一个步长所需的时间。</translation>
    </message>
    <message>
        <source>Margin</source>
        <translation>余量</translation>
    </message>
    <message>
        <source>Kept in reserve for moments when the machine is busy.</source>
        <translation>为电脑繁忙的时刻预留。</translation>
    </message>
    <message>
        <source>Device out</source>
        <translation>设备输出</translation>
    </message>
    <message>
        <source>The speaker&apos;s block and its own buffer.</source>
        <translation>扬声器的音频块及其自身的缓冲。</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>Everything else.</source>
        <translation>其余部分。</translation>
    </message>
    <message>
        <source>not connected</source>
        <translation>未连接</translation>
    </message>
    <message>
        <source>none found</source>
        <translation>未找到</translation>
    </message>
    <message>
        <source>{path} is not there</source>
        <translation>{path} 不存在</translation>
    </message>
    <message>
        <source>no {kind} is connected</source>
        <translation>未连接{kind}</translation>
    </message>
    <message>
        <source>{kind} {name} is {absent}</source>
        <translation>{kind} {name} {absent}</translation>
    </message>
    <message>
        <source>A recording, heard in the microphone&apos;s place</source>
        <translation>一段录音，代替麦克风的声音</translation>
    </message>
    <message>
        <source>looking for devices …</source>
        <translation>正在查找设备…</translation>
    </message>
    <message>
        <source>System default – {words}</source>
        <translation>系统默认 – {words}</translation>
    </message>
    <message>
        <source>Follows the sound settings</source>
        <translation>跟随系统声音设置</translation>
    </message>
    <message>
        <source>{device} (default)</source>
        <translation>{device}（默认）</translation>
    </message>
    <message>
        <source>Chosen; used as soon as it is back</source>
        <translation>已选择；重新接入后立即使用</translation>
    </message>
    <message>
        <source>Choose &amp;files …</source>
        <translation>选择文件(&amp;F)…</translation>
    </message>
    <message>
        <source>Choose a f&amp;older …</source>
        <translation>选择文件夹(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Read sentences aloud …</source>
        <translation>朗读句子(&amp;R)…</translation>
    </message>
    <message>
        <source>Recordings of one speaker</source>
        <translation>同一说话人的录音</translation>
    </message>
    <message>
        <source>A folder of recordings of one speaker</source>
        <translation>同一说话人的录音文件夹</translation>
    </message>
    <message>
        <source>Drop recordings of one speaker here</source>
        <translation>将同一说话人的录音拖放到此处</translation>
    </message>
    <message>
        <source>Any format; three to five minutes of clean speech are enough. No texts are needed.</source>
        <translation>格式不限；三到五分钟干净的语音即可，无需文本。</translation>
    </message>
    <message>
        <source>GPT-SoVITS voices (*.pth *.pt *.ckpt);;All files (*)</source>
        <translation>GPT-SoVITS 音色 (*.pth *.pt *.ckpt);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Recordings (*.wav *.flac *.mp3 *.ogg *.opus *.m4a *.aac *.aif *.aiff *.wma *.webm);;All files (*)</source>
        <translation>录音 (*.wav *.flac *.mp3 *.ogg *.opus *.m4a *.aac *.aif *.aiff *.wma *.webm);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Recordings (*.wav *.flac *.mp3 *.ogg *.oga *.opus *.aif *.aiff *.au *.caf *.w64 *.rf64);;All files (*)</source>
        <translation>录音文件 (*.wav *.flac *.mp3 *.ogg *.oga *.opus *.aif *.aiff *.au *.caf *.w64 *.rf64);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>负载</translation>
    </message>
    <message>
        <source>Computing time over sounding time, nearly the worst of the last minute (p95). Above 100 % there are gaps.</source>
        <translation>计算时间与音频时长之比，取最近一分钟中接近最差的值（p95）。超过 100 % 会出现断音。</translation>
    </message>
    <message>
        <source>Late</source>
        <translation>超时</translation>
    </message>
    <message>
        <source>Hops that came too late and were heard as a short silence. A longer margin helps.</source>
        <translation>来得太晚、听起来是短暂静音的步长。加大余量会有帮助。</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>丢失</translation>
    </message>
    <message>
        <source>Blocks of the microphone that found no room.</source>
        <translation>因没有空间而丢弃的麦克风音频块。</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>Hops left out to bring the delay back after an interruption.</source>
        <translation>中断后为恢复延迟而略过的步长。</translation>
    </message>
    <message>
        <source>Recovered</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Devices and processes that failed and were brought back without anybody&apos;s help.</source>
        <translation>出现故障后自动恢复的设备和进程。</translation>
    </message>
    <message>
        <source>preparing to speak …</source>
        <translation>正在准备试听…</translation>
    </message>
    <message>
        <source>Load and delay of the last two minutes</source>
        <translation>最近两分钟的负载和延迟</translation>
    </message>
    <message>
        <source>Load and delay of the last two minutes; marks beneath are late hops.</source>
        <translation>最近两分钟的负载和延迟；下方的标记是超时的步长。</translation>
    </message>
    <message>
        <source>Load {percent:.0f} %</source>
        <translation>负载 {percent:.0f} %</translation>
    </message>
    <message>
        <source>Delay {words}</source>
        <translation>延迟 {words}</translation>
    </message>
    <message>
        <source>Delay</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>looking at {file}</source>
        <translation>正在查看 {file}</translation>
    </message>
    <message>
        <source>{name} listens to its speaker</source>
        <translation>{name} 正在听取其说话人</translation>
    </message>
    <message>
        <source>Import GPT-SoVITS voices</source>
        <translation>导入 GPT-SoVITS 音色</translation>
    </message>
    <message>
        <source>Recordings of {name}&apos;s speaker, 3 to 10 seconds each</source>
        <translation>{name} 的说话人录音，每段 3 到 10 秒</translation>
    </message>
    <message>
        <source>Get it</source>
        <translation>获取</translation>
    </message>
    <message>
        <source>fetching</source>
        <translation>正在获取</translation>
    </message>
    <message>
        <source>Give one …</source>
        <translation>提供录音…</translation>
    </message>
    <message>
        <source>{name} is ready.</source>
        <translation>{name} 已就绪。</translation>
    </message>
    <message>
        <source>{name} {needs}.</source>
        <translation>{name}：{needs}。</translation>
    </message>
    <message>
        <source>, and </source>
        <translation>；并且 </translation>
    </message>
    <message>
        <source>{error}; the defaults are in use and changes are not kept</source>
        <translation>{error}；正在使用默认设置，更改不会保存</translation>
    </message>
    <message>
        <source>{error}; changes are not kept</source>
        <translation>{error}；更改不会保存</translation>
    </message>
    <message>
        <source>Sound that is converted at a time.</source>
        <translation>每次转换的声音长度。</translation>
    </message>
    <message>
        <source>Reserve for moments when the machine is busy.</source>
        <translation>为电脑繁忙的时刻预留。</translation>
    </message>
    <message>
        <source>&amp;Hop</source>
        <translation>步长(&amp;H)</translation>
    </message>
    <message>
        <source>Mar&amp;gin</source>
        <translation>余量(&amp;G)</translation>
    </message>
    <message>
        <source>Shorter: less delay, more load.</source>
        <translation>越短：延迟越低，负载越高。</translation>
    </message>
    <message>
        <source>Longer: fewer gaps, more delay.</source>
        <translation>越长：断音越少，延迟越高。</translation>
    </message>
    <message>
        <source>Level in dBFS; the mark holds the loudest moment. Keep it short of CLIP.</source>
        <translation>电平（dBFS）；标记保持在最响的时刻。请勿达到 CLIP（削波）。</translation>
    </message>
    <message>
        <source>Clipping: too loud</source>
        <translation>削波：声音过大</translation>
    </message>
    <message>
        <source>Make a voice</source>
        <translation>制作音色</translation>
    </message>
    <message>
        <source>Minutes</source>
        <translation>分钟</translation>
    </message>
    <message>
        <source>It ends earlier when it is good enough.</source>
        <translation>效果足够好时会提前结束。</translation>
    </message>
    <message>
        <source>&amp;They agreed that this voice is made and used</source>
        <translation>本人已同意制作和使用此音色(&amp;T)</translation>
    </message>
    <message>
        <source>A voice can be used to speak as that person. It may only be made of somebody who agreed to it.</source>
        <translation>音色可以用来以该人的声音说话，只能为已同意的人制作。</translation>
    </message>
    <message>
        <source>Name of the voice</source>
        <translation>音色名称</translation>
    </message>
    <message>
        <source>Whose voice it is</source>
        <translation>这是谁的声音</translation>
    </message>
    <message>
        <source>Anna Berg, or: mine</source>
        <translation>张三，或：我自己</translation>
    </message>
    <message>
        <source>&amp;Minutes of training, at most</source>
        <translation>训练时长上限，分钟(&amp;M)</translation>
    </message>
    <message>
        <source>Make the &amp;voice</source>
        <translation>制作音色(&amp;V)</translation>
    </message>
    <message>
        <source>Other &amp;recordings …</source>
        <translation>其他录音(&amp;R)…</translation>
    </message>
    <message>
        <source>&amp;Name of the voice</source>
        <translation>音色名称(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Whose voice is it?</source>
        <translation>这是谁的声音？(&amp;W)</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>&amp;Listen to it</source>
        <translation>试听(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>暂停(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>继续(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation>丢弃(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>关闭(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>Close the notice</source>
        <translation>关闭通知</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>{read} were read before.</source>
        <translation>此前已朗读 {read} 句。</translation>
    </message>
    <message>
        <source>{fault}; read it again.</source>
        <translation>{fault}；请重读一遍。</translation>
    </message>
    <message>
        <source>Good, {seconds:.1f} s.</source>
        <translation>很好，{seconds:.1f} 秒。</translation>
    </message>
    <message>
        <source>Read sentences</source>
        <translation>朗读句子</translation>
    </message>
    <message>
        <source>Read as you talk, in a quiet room, always at the same distance. About 60 sentences make four minutes.</source>
        <translation>请在安静的房间里像平时说话一样朗读，并始终保持相同的距离。大约 60 句为四分钟。</translation>
    </message>
    <message>
        <source>&amp;Begin</source>
        <translation>开始(&amp;B)</translation>
    </message>
    <message>
        <source>Microphone level</source>
        <translation>麦克风电平</translation>
    </message>
    <message>
        <source>&amp;Skip</source>
        <translation>跳过(&amp;S)</translation>
    </message>
    <message>
        <source>Make the &amp;voice …</source>
        <translation>制作音色(&amp;V)…</translation>
    </message>
    <message>
        <source>Sentence {number} of {of}</source>
        <translation>第 {number} 句，共 {of} 句</translation>
    </message>
    <message>
        <source>That was the last sentence.</source>
        <translation>这是最后一句。</translation>
    </message>
    <message>
        <source>Done (Space)</source>
        <translation>完成（空格）</translation>
    </message>
    <message>
        <source>Record (Space)</source>
        <translation>录音（空格）</translation>
    </message>
    <message>
        <source>As the &amp;desktop</source>
        <translation>跟随系统(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>浅色(&amp;L)</translation>
    </message>
    <message>
        <source>Dar&amp;k</source>
        <translation>深色(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;System default</source>
        <translation>系统默认(&amp;S)</translation>
    </message>
    <message>
        <source>A Stream Deck, scripts of yours and “rtvc ctl” may start, stop, mute and change voices. Only programs that run under your own name on this computer can.</source>
        <translation>Stream Deck、您自己的脚本和“rtvc ctl”可以开始、停止、静音和切换声音。只有本机上以您的用户名运行的程序可以这样做。</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>&amp;Undo the last change of settings</source>
        <translation>撤销上次设置更改(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Reset all settings</source>
        <translation>重置所有设置(&amp;R)</translation>
    </message>
    <message>
        <source>Let &amp;other programs drive rtvc</source>
        <translation>允许其他程序控制 rtvc(&amp;O)</translation>
    </message>
    <message>
        <source>Start &amp;minimised</source>
        <translation>启动时最小化(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;First steps …</source>
        <translation>新手引导(&amp;F)…</translation>
    </message>
    <message>
        <source>Lan&amp;guage</source>
        <translation>语言 / Language(&amp;G)</translation>
    </message>
    <message>
        <source>Takes effect at the next start</source>
        <translation>下次启动时生效</translation>
    </message>
    <message>
        <source>Recording in place of the microphone</source>
        <translation>代替麦克风的录音</translation>
    </message>
    <message>
        <source>Both sides go into {folder}.</source>
        <translation>双方声音将保存到 {folder}。</translation>
    </message>
    <message>
        <source>Show it</source>
        <translation>打开位置</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>A file …</source>
        <translation>文件…</translation>
    </message>
    <message>
        <source>Monitor</source>
        <translation>监听</translation>
    </message>
    <message>
        <source>A second output, to hear yourself; use headphones.</source>
        <translation>第二路输出，用于监听自己；请使用耳机。</translation>
    </message>
    <message>
        <source>Output level</source>
        <translation>输出电平</translation>
    </message>
    <message>
        <source>Virtual microphone</source>
        <translation>虚拟麦克风</translation>
    </message>
    <message>
        <source>Other programs record it; rtvc speaks into it.</source>
        <translation>供其他程序录音；rtvc 向其输出声音。</translation>
    </message>
    <message>
        <source>Record both sides</source>
        <translation>录制双方声音</translation>
    </message>
    <message>
        <source>Keeps what is heard and what is played, as FLAC.</source>
        <translation>将输入和输出的声音保存为 FLAC。</translation>
    </message>
    <message>
        <source>Repeat the recording</source>
        <translation>循环播放录音</translation>
    </message>
    <message>
        <source>Begins again when the recording is over.</source>
        <translation>录音播放完后从头开始。</translation>
    </message>
    <message>
        <source>Test the microphone</source>
        <translation>测试麦克风</translation>
    </message>
    <message>
        <source>Say something: it listens for four seconds and tells whether you are heard.</source>
        <translation>请说句话：程序会聆听四秒钟，并告诉您是否听得到您的声音。</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Plays two short tones on this output.</source>
        <translation>在此输出上播放两声短音。</translation>
    </message>
    <message>
        <source>Test the output</source>
        <translation>测试输出</translation>
    </message>
    <message>
        <source>&amp;Microphone</source>
        <translation>麦克风(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Output</source>
        <translation>输出(&amp;O)</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Press Start and speak.</source>
        <translation>按“开始”并说话。</translation>
    </message>
    <message>
        <source>Interrupted – mending it</source>
        <translation>已中断 – 正在恢复</translation>
    </message>
    <message>
        <source>Loading {voice} …</source>
        <translation>正在加载 {voice} …</translation>
    </message>
    <message>
        <source>The first sound comes in a moment.</source>
        <translation>马上就会有声音。</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>The devices are being released.</source>
        <translation>正在释放设备。</translation>
    </message>
    <message>
        <source>Trying this machine …</source>
        <translation>正在测试本机…</translation>
    </message>
    <message>
        <source>Nobody hears you meanwhile.</source>
        <translation>测试期间没有人听到您的声音。</translation>
    </message>
    <message>
        <source>Not running</source>
        <translation>未运行</translation>
    </message>
    <message>
        <source>It stopped and gave no reason; press Start to try again.</source>
        <translation>已停止，原因不明；请按“开始”重试。</translation>
    </message>
    <message>
        <source>Live as {voice}</source>
        <translation>正在变声：{voice}</translation>
    </message>
    <message>
        <source>Live, muted</source>
        <translation>运行中，已静音</translation>
    </message>
    <message>
        <source>Nobody hears you.</source>
        <translation>没有人听到您的声音。</translation>
    </message>
    <message>
        <source>Live, passing through</source>
        <translation>运行中，直通</translation>
    </message>
    <message>
        <source>Your own voice is heard.</source>
        <translation>输出的是您的原声。</translation>
    </message>
    <message>
        <source>Opening the other windows …; nothing is interrupted.</source>
        <translation>正在切换到新的时间设置…；声音不会中断。</translation>
    </message>
    <message>
        <source>Loading {coming} …; {voice} speaks until then.</source>
        <translation>正在加载 {coming} …；在此之前使用 {voice}。</translation>
    </message>
    <message>
        <source>microphone</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>too slow for these settings: a longer hop stops the gaps</source>
        <translation>当前设置下速度不够：加大步长可消除断音</translation>
    </message>
    <message>
        <source>this machine has little to spare: a longer hop makes gaps less likely</source>
        <translation>本机余力不足：加大步长可减少断音</translation>
    </message>
    <message>
        <source>Your own</source>
        <translation>自定义</translation>
    </message>
    <message>
        <source>Past &amp;kept</source>
        <translation>历史(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Future</source>
        <translation>未来(&amp;F)</translation>
    </message>
    <message>
        <source>Seam fa&amp;de</source>
        <translation>交叉淡化(&amp;D)</translation>
    </message>
    <message>
        <source>hop</source>
        <translation>步长</translation>
    </message>
    <message>
        <source>past</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>future</source>
        <translation>未来</translation>
    </message>
    <message>
        <source>seam</source>
        <translation>交叉淡化</translation>
    </message>
    <message>
        <source>Sound that is converted at a time. Shorter: less delay, more load.</source>
        <translation>每次转换的声音长度。越短：延迟越低，负载越高。</translation>
    </message>
    <message>
        <source>What the voice hears again of the past. Longer: steadier, more load.</source>
        <translation>音色重新听取的历史长度。越长：越稳定，负载越高。</translation>
    </message>
    <message>
        <source>What the voice waits for of the future. Longer: clearer words, more delay.</source>
        <translation>音色等待的未来长度。越长：吐字越清晰，延迟越高。</translation>
    </message>
    <message>
        <source>Where one hop passes into the next. Longer: smoother.</source>
        <translation>相邻步长的衔接处。越长：越平滑。</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Pr&amp;eset</source>
        <translation>预设(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>开始(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>停止(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Pass-through</source>
        <translation>直通(&amp;P)</translation>
    </message>
    <message>
        <source>Let your own voice through unchanged, with the same delay.</source>
        <translation>让您的原声以相同的延迟直接通过。</translation>
    </message>
    <message>
        <source>M&amp;ute</source>
        <translation>静音(&amp;U)</translation>
    </message>
    <message>
        <source>Silence every output; the run goes on.</source>
        <translation>静音所有输出；变声继续运行。</translation>
    </message>
    <message>
        <source>&amp;Show the window</source>
        <translation>显示窗口(&amp;S)</translation>
    </message>
    <message>
        <source>S&amp;tart</source>
        <translation>开始(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Mute</source>
        <translation>静音(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>停止(&amp;T)</translation>
    </message>
    <message>
        <source>Calibrate</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>Tries this machine for ten seconds, silently, and takes the lowest delay that is safe.</source>
        <translation>静默测试本机十秒，并采用安全的最低延迟。</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Sends clicks through a virtual microphone, and sets the measured delay beside the stated one.</source>
        <translation>通过虚拟麦克风发送脉冲声，将实测延迟与标称延迟对比。</translation>
    </message>
    <message>
        <source>Diagnose</source>
        <translation>诊断</translation>
    </message>
    <message>
        <source>Writes one file for a report: settings, devices, timings, log; no names, no sound.</source>
        <translation>生成一个报告文件：设置、设备、耗时、日志；不含姓名和声音。</translation>
    </message>
    <message>
        <source>loading the voice</source>
        <translation>正在加载音色</translation>
    </message>
    <message>
        <source>Hop {hop:.0f} ms, margin {margin:.0f} ms: {words}.</source>
        <translation>步长 {hop:.0f} ms，余量 {margin:.0f} ms：{words}。</translation>
    </message>
    <message>
        <source>Written: {path}</source>
        <translation>已写入：{path}</translation>
    </message>
    <message>
        <source>Double-click or press Delete for {default}.</source>
        <translation>双击或按 Delete 键恢复为 {default}。</translation>
    </message>
    <message>
        <source>Choose “rtvc microphone” as the microphone of your call, game or stream.</source>
        <translation>请在通话、游戏或直播中选择“rtvc microphone”作为麦克风。</translation>
    </message>
    <message>
        <source>New name of {name}</source>
        <translation>{name} 的新名称</translation>
    </message>
    <message>
        <source>no voice {name!r}{hint}</source>
        <translation>没有音色 {name!r}{hint}</translation>
    </message>
    <message>
        <source>No voice is installed. Add one, or put it into {folder}.</source>
        <translation>尚未安装音色。请添加一个，或将其放入 {folder}。</translation>
    </message>
    <message>
        <source>{file} is neither a GPT-SoVITS voice (.pth) nor a recording.</source>
        <translation>{file} 既不是 GPT-SoVITS 音色（.pth），也不是录音。</translation>
    </message>
    <message>
        <source>{name} is removed.</source>
        <translation>已移除 {name}。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Female</source>
        <translation>女声</translation>
    </message>
    <message>
        <source>Male</source>
        <translation>男声</translation>
    </message>
    <message>
        <source>live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>unchanged</source>
        <translation>不变声</translation>
    </message>
    <message>
        <source>Very like</source>
        <translation>非常相似</translation>
    </message>
    <message>
        <source>Like</source>
        <translation>相似</translation>
    </message>
    <message>
        <source>A little like</source>
        <translation>略微相似</translation>
    </message>
    <message>
        <source>clear words</source>
        <translation>吐字清晰</translation>
    </message>
    <message>
        <source>mostly clear words</source>
        <translation>吐字较清晰</translation>
    </message>
    <message>
        <source>rough words</source>
        <translation>吐字模糊</translation>
    </message>
    <message>
        <source>Has not heard its speaker yet</source>
        <translation>尚未听过其说话人</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可</translation>
    </message>
    <message>
        <source>By</source>
        <translation>作者</translation>
    </message>
    <message>
        <source>Trained on</source>
        <translation>训练数据</translation>
    </message>
    <message>
        <source>No voice has that in its name.</source>
        <translation>没有名称匹配的音色。</translation>
    </message>
    <message>
        <source>&amp;Voice</source>
        <translation>音色(&amp;V)</translation>
    </message>
    <message>
        <source>Back to the voice before, and again to this one (Ctrl+B)</source>
        <translation>切换回之前的音色，再按一次返回（Ctrl+B）</translation>
    </message>
    <message>
        <source>Voice before</source>
        <translation>之前的音色</translation>
    </message>
    <message>
        <source>&amp;Hear it	Space</source>
        <translation>试听(&amp;H)	空格</translation>
    </message>
    <message>
        <source>R&amp;eferences of its speaker …</source>
        <translation>说话人参考音频(&amp;E)…</translation>
    </message>
    <message>
        <source>Re&amp;name	F2</source>
        <translation>重命名(&amp;N)	F2</translation>
    </message>
    <message>
        <source>&amp;Remove	Del</source>
        <translation>移除(&amp;R)	Del</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Import a voice, or make one of recordings</source>
        <translation>导入音色，或用录音制作</translation>
    </message>
    <message>
        <source>&amp;Import a GPT-SoVITS voice …</source>
        <translation>导入 GPT-SoVITS 音色(&amp;I)…</translation>
    </message>
    <message>
        <source>&amp;Make a voice of recordings …</source>
        <translation>用录音制作音色(&amp;M)…</translation>
    </message>
    <message>
        <source>&amp;Read sentences for a voice …</source>
        <translation>朗读句子制作音色(&amp;R)…</translation>
    </message>
    <message>
        <source>Search voices (Ctrl+F)</source>
        <translation>搜索音色（Ctrl+F）</translation>
    </message>
    <message>
        <source>Search voices</source>
        <translation>搜索音色</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>新手引导</translation>
    </message>
    <message>
        <source>1 of 3 · Find a voice</source>
        <translation>第 1 步，共 3 步 · 选择音色</translation>
    </message>
    <message>
        <source>Listen to the voices in the list: the round button plays a sentence. Click the one you want to sound like. More voices come with Add: GPT-SoVITS files, or a voice made of recordings.</source>
        <translation>试听列表中的音色：圆形按钮会播放一句话。点击您想要的音色。用“添加”可获得更多音色：导入 GPT-SoVITS 文件，或用录音制作。</translation>
    </message>
    <message>
        <source>2 of 3 · Be heard</source>
        <translation>第 2 步，共 3 步 · 开始说话</translation>
    </message>
    <message>
        <source>Choose your microphone, press Start and say something. The bar moves when you are heard; the new voice comes out of the output. Use headphones.</source>
        <translation>选择麦克风，按“开始”并说几句话。收到声音时电平条会跳动；新的声音从输出设备播放。请使用耳机。</translation>
    </message>
    <message>
        <source>3 of 3 · Into your call</source>
        <translation>第 3 步，共 3 步 · 用于通话</translation>
    </message>
    <message>
        <source>Turn on the virtual microphone, then choose “rtvc microphone” in your call, game or stream. Calibrate finds the shortest delay that this machine can keep.</source>
        <translation>打开虚拟麦克风，然后在通话、游戏或直播中选择“rtvc microphone”。“校准”会找到本机能稳定保持的最短延迟。</translation>
    </message>
    <message>
        <source>&amp;Hear the chosen voice</source>
        <translation>试听所选音色(&amp;H)</translation>
    </message>
    <message>
        <source>Turn on the &amp;virtual microphone</source>
        <translation>打开虚拟麦克风(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Calibrate</source>
        <translation>校准(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>上一步(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Next</source>
        <translation>下一步(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Done</source>
        <translation>完成(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Reset</source>
        <translation>重置(&amp;R)</translation>
    </message>
    <message>
        <source>Controls</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Steadiness</source>
        <translation>稳定性</translation>
    </message>
    <message>
        <source>Listening to the recordings …</source>
        <translation>正在听取录音…</translation>
    </message>
    <message>
        <source>beginning</source>
        <translation>正在开始</translation>
    </message>
    <message>
        <source>Making {title}</source>
        <translation>正在制作 {title}</translation>
    </message>
    <message>
        <source>stopping …</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>{title} is not finished yet.</source>
        <translation>{title} 尚未完成。</translation>
    </message>
    <message>
        <source>Go on with it</source>
        <translation>继续制作</translation>
    </message>
    <message>
        <source>, {nearer:.0f} % nearer to the speaker than at first</source>
        <translation>，比开始时接近说话人 {nearer:.0f} %</translation>
    </message>
    <message>
        <source>After {minutes:.0f} min it can be heard{than}.</source>
        <translation>训练 {minutes:.0f} 分钟后已可试听{than}。</translation>
    </message>
    <message>
        <source>{name} is a voice now.</source>
        <translation>音色 {name} 已制作完成。</translation>
    </message>
    <message>
        <source>it is in the list, and chosen</source>
        <translation>已加入列表并选中</translation>
    </message>
    <message>
        <source>{title} waits</source>
        <translation>{title} 已暂停</translation>
    </message>
    <message>
        <source>all that was learned is kept, also when the program ends</source>
        <translation>已学习的内容会保留，退出程序后也不会丢失</translation>
    </message>
    <message>
        <source>&amp;Use these keys while another program is in front</source>
        <translation>在其他程序位于前台时使用这些按键(&amp;U)</translation>
    </message>
    <message>
        <source>Another action above has these keys.</source>
        <translation>上方的另一个操作已使用这些按键。</translation>
    </message>
    <message>
        <source>Click a field and press the keys; Backspace takes them away.</source>
        <translation>点击输入框并按下按键；按退格键清除。</translation>
    </message>
    <message>
        <source>Keys that work every&amp;where …</source>
        <translation>全局快捷键(&amp;W)…</translation>
    </message>
    <message>
        <source>Keys that work everywhere</source>
        <translation>全局快捷键</translation>
    </message>
    <message>
        <source>Mute, or be heard again</source>
        <translation>静音或取消静音</translation>
    </message>
    <message>
        <source>No keys</source>
        <translation>不设按键</translation>
    </message>
    <message>
        <source>On this system keys of other programs cannot be heard yet. A tool for keys can run commands as “rtvc ctl toggle-mute”, where the menu lets other programs drive rtvc.</source>
        <translation>本系统上还无法接收发给其他程序的按键。可以用快捷键工具运行“rtvc ctl toggle-mute”之类的命令，并在菜单中允许其他程序控制 rtvc。</translation>
    </message>
    <message>
        <source>Press the keys …</source>
        <translation>请按下按键…</translation>
    </message>
    <message>
        <source>Push to talk: silent unless held</source>
        <translation>按住说话：松开时静音</translation>
    </message>
    <message>
        <source>Start or stop</source>
        <translation>开始或停止</translation>
    </message>
    <message>
        <source>Start when I log &amp;in</source>
        <translation>登录时启动(&amp;I)</translation>
    </message>
    <message>
        <source>The desktop or another program has these keys, or the keyboard has not.</source>
        <translation>这些按键已被桌面或其他程序占用，或键盘上没有。</translation>
    </message>
    <message>
        <source>The library python-xlib, which hears the keys, is not installed.</source>
        <translation>未安装用于接收按键的 python-xlib 库。</translation>
    </message>
    <message>
        <source>The settings have keys for {name!r}, which is no action{hint}</source>
        <translation>设置中有 {name!r} 的按键，但没有这个操作{hint}</translation>
    </message>
    <message>
        <source>There is no action of this name.</source>
        <translation>没有这个名称的操作。</translation>
    </message>
    <message>
        <source>There is no desktop here that could hand over keys.</source>
        <translation>这里没有可以转交按键的桌面。</translation>
    </message>
    <message>
        <source>There is no such key.</source>
        <translation>没有这个按键。</translation>
    </message>
    <message>
        <source>This key is needed for writing; hold Ctrl or Alt with it.</source>
        <translation>此键用于打字；请与 Ctrl 或 Alt 一起按。</translation>
    </message>
    <message>
        <source>Voice {number} of the list</source>
        <translation>列表中的第 {number} 个音色</translation>
    </message>
    <message>
        <source>Wayland lets no program hear keys that are meant for another one. In the desktop&apos;s own keyboard settings, bind keys to commands as “rtvc ctl toggle-mute”, and let other programs drive rtvc in its menu.</source>
        <translation>Wayland 不允许程序接收发给其他程序的按键。请在桌面自带的键盘设置中，将按键绑定到“rtvc ctl toggle-mute”之类的命令，并在菜单中允许其他程序控制 rtvc。</translation>
    </message>
    <message>
        <source>Your own voice, or the new one</source>
        <translation>自己的声音或新的声音</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Heard you.</source>
        <translation>听到您的声音了。</translation>
    </message>
    <message>
        <source>Very quiet: come closer, or turn the microphone up.</source>
        <translation>声音很小：请靠近一些，或调高麦克风音量。</translation>
    </message>
    <message>
        <source>Clipping: turn the microphone down, or go further away.</source>
        <translation>声音过载：请调低麦克风音量，或离远一些。</translation>
    </message>
    <message>
        <source>Nothing arrives: it may be muted, another one, or closed to this program.</source>
        <translation>没有声音：麦克风可能被静音、选错了，或不允许此程序使用。</translation>
    </message>
    <message>
        <source>Say something …</source>
        <translation>请说句话…</translation>
    </message>
    <message>
        <source>What is played on {output}</source>
        <translation>{output} 正在播放的声音</translation>
    </message>
    <message>
        <source>Whole delay</source>
        <translation>总延迟</translation>
    </message>
    <message>
        <source>From your mouth to the others&apos; ears; delay the picture by as much.</source>
        <translation>从您开口到对方听到的时间；请让画面延迟同样多。</translation>
    </message>
    <message>
        <source>Hold the whole delay</source>
        <translation>固定总延迟</translation>
    </message>
    <message>
        <source>Keeps the delay at one value, for a picture in step with the voice.</source>
        <translation>让延迟保持不变，使画面与声音同步。</translation>
    </message>
    <message>
        <source>With a microphone only.</source>
        <translation>仅适用于麦克风。</translation>
    </message>
    <message>
        <source>Possible from {least} on; the margin is what is left.</source>
        <translation>可设为 {least} 以上；其余部分作为余量。</translation>
    </message>
    <message>
        <source>Cannot be held: it takes at least {least}. Choose more, or a shorter hop.</source>
        <translation>无法保持：至少需要 {least}。请选择更大的值，或更短的步长。</translation>
    </message>
    <message>
        <source>Recordings</source>
        <translation>录音</translation>
    </message>
    <message>
        <source>Speech</source>
        <translation>语音</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>电平</translation>
    </message>
</context>
</TS>
